//! Technologies of the cells that give no service, for the study states no level for them.

use super::config::Service;
use super::{ServiceKind, Site, StudyFile};
use crate::problem::{Kind, Problem, Problems};
use crate::radio::Technology;

/// Warns of technologies that give a service unless a study says otherwise, and that this study's tables of levels pass over.
pub(super) fn warn_of_silent(config: &StudyFile, sites: &[Site], file: &str, problems: &mut Problems) {
    let usual = Service::default();
    for service in ServiceKind::ALL {
        let field = format!("service.{}_threshold_dbm", service.name());
        for technology in Technology::ALL {
            let gives = |of: &Service| of.requirement(service, technology).is_some();
            let is_stated = config.service.thresholds_dbm(service).contains_key(&technology);
            let count = sites.iter().flat_map(|site| &site.cells).filter(|cell| cell.technology == technology).count();
            if count == 0 || is_stated || gives(&config.service) || !gives(&usual) {
                continue;
            }
            let effect = match service {
                ServiceKind::Signal => "cell(s) give no signal",
                ServiceKind::Broadband => "cell(s) give no broadband",
            };
            let message = format!("states nothing for {technology}: the {count} {technology} {effect}");
            let hint = format!("state a level for {technology}, or {technology} = 0 where that is meant");
            let problem = Problem::warning(file, message).in_field(&field).suggest(hint);
            problems.push(problem.of_kind(Kind::Noticed, count));
        }
    }
}
