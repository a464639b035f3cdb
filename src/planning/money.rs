//! What a site costs to build and to keep, what it brings, and what is missing for it to pay.

use crate::study::Costs;

/// Costs and revenue of something that is built, million VND.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Money {
    /// Mast, ground and installation.
    pub mast: f64,
    /// Track from the nearest road.
    pub access: f64,
    /// Electricity.
    pub power: f64,
    /// Radio equipment.
    pub radio: f64,
    /// Link to the network, or the whole of a village's own way.
    pub link: f64,
    /// Operation in a year, electricity and link included.
    pub yearly_cost: f64,
    /// What the newly served people bring in a year; `None` where the study does not state it.
    pub yearly_revenue: Option<f64>,
    /// Revenue less operation over the study's horizon at its present value, less the investment; `None` likewise.
    pub present_value: Option<f64>,
}

impl Money {
    /// What it takes to build.
    pub fn investment(&self) -> f64 {
        self.mast + self.access + self.power + self.radio + self.link
    }

    /// What somebody must add for it to pay: the part of the present value below 0; `None` where the study states no revenue.
    pub fn subsidy(&self) -> Option<f64> {
        self.present_value.map(|value| (-value).max(0.0))
    }

    /// With the revenue of so many newly served people, and the present value that follows.
    #[must_use]
    pub(super) fn earning(self, people: u64, costs: &Costs) -> Self {
        let yearly_revenue = costs.revenue_per_person_year.map(|revenue| revenue * people as f64);
        let value = |revenue: f64| (revenue - self.yearly_cost) * costs.annuity() - self.investment();
        Self { yearly_revenue, present_value: yearly_revenue.map(value), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_to_be_subsidised() {
        let costs =
            Costs { revenue_per_person_year: Some(0.5), discount_rate: 0.0, horizon_years: 10, ..Costs::default() };
        let money = Money {
            mast: 400.0,
            access: 50.0,
            power: 50.0,
            radio: 250.0,
            link: 250.0,
            yearly_cost: 80.0,
            ..Money::default()
        };
        let few = money.earning(100, &costs);
        // 10 × (50 − 80) − 1,000
        assert_eq!((few.yearly_revenue, few.present_value, few.subsidy()), (Some(50.0), Some(-1300.0), Some(1300.0)));
        let many = money.earning(1000, &costs);
        assert_eq!((many.present_value, many.subsidy()), (Some(10.0 * 420.0 - 1000.0), Some(0.0)));
        let unknown = money.earning(1000, &Costs::default());
        assert_eq!((unknown.present_value, unknown.subsidy()), (None, None));
    }
}
