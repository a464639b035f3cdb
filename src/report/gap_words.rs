//! Why a dead zone is one and what would help, in words.

use super::i18n::Catalogue;
use crate::service::{Gap, Help};
use crate::study::Study;

/// Why most people of a dead zone have no service.
pub(super) fn reason(gap: &Gap, texts: Catalogue) -> String {
    texts.text(&format!("reason_{}", gap.reason.name())).to_owned()
}

/// What would help, with what stands before it: electricity.
pub(super) fn remedy(gap: &Gap, study: &Study, texts: Catalogue) -> String {
    let numbers = texts.numbers();
    let site = gap.remedy.site.map(|site| study.sites[site].id.as_str());
    let key = match (gap.remedy.help, site, gap.remedy.lacks_db) {
        (Help::Upgrade | Help::Raise, Some(_), Some(_)) | (Help::Capacity | Help::Measure, Some(_), _) => {
            format!("remedy_{}_site", gap.remedy.help.name())
        }
        (help, ..) => format!("remedy_{}", help.name()),
    };
    let lacks = gap.remedy.lacks_db.map(|db| numbers.decimal(db.ceil(), 0)).unwrap_or_default();
    let households = numbers.decimal(gap.households as f64, 0);
    let mut text = texts.fill(&key, &[("site", site.unwrap_or_default()), ("db", &lacks), ("households", &households)]);
    if gap.without_electricity > 0 && gap.remedy.help != Help::Power {
        let count = |n: usize| numbers.decimal(n as f64, 0);
        let values = [("n", count(gap.without_electricity)), ("all", count(gap.villages.len()))];
        text.push(' ');
        text += &texts.fill("remedy_power_too", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    }
    text
}
