package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultBudgetTest {

    @Test
    void aFaultUsesUpItsKindAndTheTotal() {
        FaultBudget budget = FaultBudget.ofEach(2, 3).without(Fault.CLOSE);

        assertThat(budget.left(Fault.CLOSE)).isEqualTo(1);
        assertThat(budget.left(Fault.SEEK)).isEqualTo(2);
        assertThat(budget.without(Fault.SEEK).without(Fault.SEEK).left(Fault.CLOSE))
                .isZero();
    }

    @Test
    void kindsThatAreNotNamedCannotHappen() {
        FaultBudget budget = FaultBudget.of(Set.of(Fault.SEEK), 2, FaultBudget.UNBOUNDED);

        assertThat(budget.left(Fault.SEEK)).isEqualTo(2);
        assertThat(budget.left(Fault.PAUSE)).isZero();
    }

    @Test
    void aBudgetCoversOneThatAllowsNoMoreOfAnyKind() {
        FaultBudget all = FaultBudget.ofEach(2, 4);

        assertThat(all.covers(all)).isTrue();
        assertThat(all.covers(all.without(Fault.SEEK))).isTrue();
        assertThat(all.without(Fault.SEEK).covers(all)).isFalse();
        assertThat(all.without(Fault.SEEK).covers(all.without(Fault.CLOSE))).isFalse();
    }

    @Test
    void everyKindIsComparedByItself() {
        FaultBudget all = FaultBudget.ofEach(3, FaultBudget.UNBOUNDED);
        for (Fault fault : Fault.values()) {
            FaultBudget less = all.without(fault).without(fault).without(fault);

            assertThat(less.left(fault)).isZero();
            assertThat(less.covers(all)).isFalse();
            assertThat(all.covers(less)).isTrue();
            for (Fault other : Fault.values()) {
                assertThat(less.covers(all.without(other)))
                        .as("%s against %s", fault, other)
                        .isFalse();
                assertThat(other == fault || less.left(other) == 3).isTrue();
            }
        }
    }

    @Test
    void moreOfEachThanABudgetCanHoldIsRefused() {
        assertThatThrownBy(() -> FaultBudget.ofEach(4, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 3, got 4");
    }
}
