package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkAllowanceTest {
    private static final int MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final long TIMEOUT = 2 * SECOND;

    private final LinkAllowance allowance = new LinkAllowance();

    @Test
    void withoutATimeoutWhatIsGrantedIsAskedFor() {
        allowance.answered(5 * MIB, SECOND, TIMEOUT);

        assertThat(allowance.of(17 * MIB)).isEqualTo(17 * MIB);
        assertThat(allowance.bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTimeoutWithoutAByteSaysNothingAboutTheLink() {
        allowance.timedOut(17 * MIB, 0);

        assertThat(allowance.of(17 * MIB)).isEqualTo(17 * MIB);
        assertThat(allowance.timeoutsInARow()).isZero();
    }

    @Test
    void aTimeoutHalvesWhatWasAskedForAndWhatTheLinkHasCarried() {
        allowance.timedOut(4 * MIB, 4 * MIB - 1_000);
        assertThat(allowance.of(17 * MIB)).isEqualTo(2 * MIB - 500);
        allowance.timedOut(2 * MIB - 500, MIB);
        assertThat(allowance.of(17 * MIB)).isEqualTo(MIB / 2);
        assertThat(allowance.timeoutsInARow()).isEqualTo(2);
        assertThat(allowance.of(100)).as("a smaller grant").isEqualTo(100);
    }

    @Test
    void anAnswerThatWasLargerThanAskedForDoesNotRaiseTheBound() {
        allowance.timedOut(200_000, 150_000);
        assertThat(allowance.bytes()).isEqualTo(75_000);
        allowance.timedOut(75_000, 8 * MIB);
        assertThat(allowance.bytes()).isEqualTo(LinkAllowance.LEAST_BYTES);
        allowance.timedOut(LinkAllowance.LEAST_BYTES, 8 * MIB);
        assertThat(allowance.bytes()).isEqualTo(LinkAllowance.LEAST_BYTES);
    }

    @Test
    void theBoundGrowsByDegreesWithAnswersThatComeWellInTime() {
        allowance.timedOut(4 * MIB, 2 * MIB);
        allowance.answered(MIB, TIMEOUT * 2 / 3, TIMEOUT);
        assertThat(allowance.bytes()).as("just in time").isEqualTo(MIB);
        allowance.answered(MIB, TIMEOUT / 2, TIMEOUT);
        assertThat(allowance.bytes()).as("in time").isEqualTo(MIB + MIB / 4);
        allowance.answered(MIB, TIMEOUT / 8, TIMEOUT);
        assertThat(allowance.bytes()).as("quickly").isEqualTo(2 * (MIB + MIB / 4));
        allowance.answered(MIB, TIMEOUT / 8, TIMEOUT);
        assertThat(allowance.bytes()).as("an answer that did not use it").isEqualTo(2 * (MIB + MIB / 4));
        assertThat(allowance.timeoutsInARow()).isZero();
    }

    @Test
    void theBoundDoesNotOverflow() {
        allowance.timedOut(4 * MIB, 2 * MIB);
        for (int i = 0; i < 100; i++) {
            allowance.answered(Integer.MAX_VALUE, 1, TIMEOUT);
        }
        assertThat(allowance.of(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    /** What a link carries in each second decides where the bound ends up, whatever is asked for at first. */
    @Test
    void theBoundSettlesAtWhatTheLinkCarriesInTime() {
        for (int bytesPerSecond : new int[] {100_000, 1_000_000, 20_000_000}) {
            LinkAllowance each = new LinkAllowance();
            int timeouts = 0;
            for (int fetch = 0; fetch < 200; fetch++) {
                int asked = each.of(50 * MIB);
                long tookNanos = SECOND * asked / bytesPerSecond;
                if (tookNanos > TIMEOUT) {
                    each.timedOut(asked, TIMEOUT / SECOND * bytesPerSecond);
                    timeouts++;
                } else {
                    each.answered(asked, tookNanos, TIMEOUT);
                }
            }
            assertThat(timeouts).as("at %s B/s", bytesPerSecond).isEqualTo(1);
            assertThat(each.of(50 * MIB)).isBetween(bytesPerSecond / 2, 2 * bytesPerSecond);
        }
    }
}
