//! Can the links of a plan carry what hangs behind them?

use super::{BackhaulNetwork, End};

/// A link or a root that must carry more than it can.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overload {
    /// What is overloaded.
    pub at: Loaded,
    /// What it must carry, Mbit/s.
    pub load_mbps: f64,
    /// What it can carry, Mbit/s.
    pub capacity_mbps: f64,
}

/// What carries a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// A link: its index in the network.
    Link(usize),
    /// A root: its index in the network.
    Root(usize),
}

impl BackhaulNetwork {
    /// Links, then roots, that the chosen links overload; `demand_mbps` is what each candidate's site needs, 0 for relays.
    ///
    /// `chosen` are indices of links, at most one to each candidate; a candidate loads every link on its way to a root.
    pub fn overloaded(&self, chosen: &[usize], demand_mbps: &[f64]) -> Vec<Overload> {
        let mut link_to = vec![None; demand_mbps.len()];
        chosen.iter().for_each(|&link| link_to[self.links[link].to] = Some(link));
        let mut link_mbps = vec![0.0; self.links.len()];
        let mut root_mbps = vec![0.0; self.roots.len()];
        for (site, mbps) in demand_mbps.iter().enumerate() {
            let mut at = site;
            // A way through all candidates is the longest; links that go round are no way.
            for _ in 0..demand_mbps.len() {
                let Some(link) = link_to[at] else { break };
                link_mbps[link] += mbps;
                match self.links[link].from {
                    End::Candidate(before) => at = before,
                    End::Root(root) => {
                        root_mbps[root] += mbps;
                        break;
                    }
                    End::Satellite => break,
                }
            }
        }
        let links = (0..self.links.len()).map(|i| (Loaded::Link(i), link_mbps[i], self.links[i].capacity_mbps()));
        let roots = (0..self.roots.len()).map(|i| (Loaded::Root(i), root_mbps[i], self.roots[i].spare_mbps));
        let over = |(at, load_mbps, capacity_mbps): (Loaded, f64, Option<f64>)| {
            let capacity_mbps = capacity_mbps.filter(|&capacity| load_mbps > capacity)?;
            Some(Overload { at, load_mbps, capacity_mbps })
        };
        links.chain(roots).filter_map(over).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::LonLat;
    use crate::planning::backhaul::{LeftOut, LinkKind, LinkOption, MicrowaveHop, Root, RootKind};

    #[test]
    fn a_hop_carries_the_sum_of_what_hangs_behind_it() {
        let hop = |from, to, capacity_mbps| LinkOption {
            from,
            to,
            kind: LinkKind::Microwave(MicrowaveHop {
                length_m: 1000.0,
                frequency_ghz: 15.0,
                dish_m: 0.6,
                capacity_mbps,
                tightest: None,
                margin_db: 40.0,
                availability_percent: 99.99,
            }),
            cost_million_vnd: 400.0,
            per_year_million_vnd: 20.0,
        };
        let network = BackhaulNetwork {
            roots: vec![Root {
                id: "S1".into(),
                position: LonLat::new(106.0, 22.5),
                kind: RootKind::ExistingSite(0),
                height_agl_m: Some(30.0),
                has_fibre: false,
                spare_mbps: Some(170.0),
            }],
            // root → 0 → 1 → 2, and 0 → 3; 4 hangs on a satellite
            links: vec![
                hop(End::Root(0), 0, 200.0),
                hop(End::Candidate(0), 1, 100.0),
                hop(End::Candidate(1), 2, 100.0),
                hop(End::Candidate(0), 3, 100.0),
                LinkOption { kind: LinkKind::Satellite { capacity_mbps: 50.0 }, ..hop(End::Satellite, 4, 0.0) },
                hop(End::Root(0), 1, 1.0),
            ],
            left_out: LeftOut {
                sites: Default::default(),
                root_hops: Vec::new(),
                relay_hops: Default::default(),
                relay_links: 0,
                unconnected: Vec::new(),
            },
        };
        let chosen = [0, 1, 2, 3, 4];
        assert_eq!(network.overloaded(&chosen, &[0.0, 50.0, 50.0, 60.0, 50.0]), []);
        // 1 and 2 need 120 behind a hop of 100, and with 3 the root must give 180
        let over = network.overloaded(&chosen, &[0.0, 60.0, 60.0, 60.0, 51.0]);
        let expected =
            [(Loaded::Link(1), 120.0, 100.0), (Loaded::Link(4), 51.0, 50.0), (Loaded::Root(0), 180.0, 170.0)];
        assert_eq!(over.iter().map(|o| (o.at, o.load_mbps, o.capacity_mbps)).collect::<Vec<_>>(), expected);
        // links that go round are walked once
        let round = [hop(End::Candidate(1), 0, 10.0), hop(End::Candidate(0), 1, 10.0)];
        let network = BackhaulNetwork { links: round.to_vec(), ..network };
        assert_eq!(network.overloaded(&[0, 1], &[4.0, 4.0]), []);
    }
}
