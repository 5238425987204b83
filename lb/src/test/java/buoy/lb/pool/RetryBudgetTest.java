package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RetryBudgetTest {
    @Property
    void retriesStayBelowTheirShareButForWhatWasSaved(
            @ForAll @IntRange(min = 0, max = 100) int percent,
            @ForAll @IntRange(min = 0, max = 5000) int work) {
        RetryBudget budget = new RetryBudget();
        int retries = 0;
        for (int i = 0; i < work; i++) {
            budget.earn(percent);
            retries += budget.spend() ? 1 : 0;
        }
        assertThat(retries).isLessThanOrEqualTo(100 + work * percent / 100);
        assertThat(retries).isGreaterThanOrEqualTo(Math.min(work, work * percent / 100));
    }
}
