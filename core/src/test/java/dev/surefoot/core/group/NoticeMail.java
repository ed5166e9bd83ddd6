package dev.surefoot.core.group;

import dev.surefoot.core.handover.GroupNotice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Puts what the application is told where it takes it; what it has not taken may be superseded there. */
record NoticeMail(ArrayDeque<GroupNotice> mail) implements GroupEffect.Visitor {
    @Override
    public void notify(GroupEffect.Notify told) {
        mail.add(told.notice());
    }

    @Override
    public void supersede(GroupEffect.Supersede told) {
        List<GroupNotice> notices = new ArrayList<>(mail);
        notices.replaceAll(notice -> MemberWords.token(notice) == told.notice().token() ? told.notice() : notice);
        mail.clear();
        mail.addAll(notices);
    }

    @Override
    public void hold(GroupEffect.Hold told) {}

    @Override
    public void refreshMetadata(GroupEffect.RefreshMetadata told) {}

    @Override
    public void raise(GroupEffect.Raise told) {}

    @Override
    public void report(GroupEffect.Report told) {}
}
