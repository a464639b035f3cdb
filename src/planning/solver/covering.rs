//! The compact covering model: which candidate serves which demand, at what cost and for what weight.
//!
//! In: costs, weights and a sparse incidence, from a JSON instance or straight from a coverage matrix. Out: the same,
//! checked and indexed both ways, as every part of the solver reads it. Candidates and demands are numbered from 0;
//! their names stay with the caller.

/// A sparse 0/1 matrix by rows: row `i` is a strictly increasing list of column numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csr {
    start: Vec<usize>,
    index: Vec<u32>,
}

impl Default for Csr {
    fn default() -> Self {
        Self { start: vec![0], index: Vec::new() }
    }
}

impl Csr {
    /// No rows yet, with room for `rows` rows and `pairs` entries.
    pub fn with_capacity(rows: usize, pairs: usize) -> Self {
        let mut start = Vec::with_capacity(rows + 1);
        start.push(0);
        Self { start, index: Vec::with_capacity(pairs) }
    }

    /// The rows in order; each is a list of column numbers.
    pub fn from_rows<R: AsRef<[u32]>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut matrix = Self::default();
        for row in rows {
            matrix.push_row(row.as_ref().iter().copied());
        }
        matrix
    }

    /// Appends a row.
    pub fn push_row(&mut self, columns: impl IntoIterator<Item = u32>) {
        self.index.extend(columns);
        self.start.push(self.index.len());
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.start.len() - 1
    }

    /// Number of entries.
    pub fn pairs(&self) -> usize {
        self.index.len()
    }

    /// The columns of row `i`.
    #[inline]
    pub fn row(&self, i: usize) -> &[u32] {
        &self.index[self.start[i]..self.start[i + 1]]
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.start.windows(2).map(|w| &self.index[w[0]..w[1]])
    }

    /// The same entries by columns; `columns` is the number of columns, above every entry.
    pub fn transpose(&self, columns: usize) -> Self {
        let mut start = vec![0usize; columns + 1];
        for &j in &self.index {
            start[j as usize + 1] += 1;
        }
        for j in 0..columns {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        let mut index = vec![0u32; self.index.len()];
        for (i, row) in self.iter().enumerate() {
            for &j in row {
                let slot = &mut next[j as usize];
                index[*slot] = i as u32;
                *slot += 1;
            }
        }
        Self { start, index }
    }

    fn sort_rows(&mut self) {
        for i in 0..self.rows() {
            let row = &mut self.index[self.start[i]..self.start[i + 1]];
            if !row.is_sorted() {
                row.sort_unstable();
            }
        }
    }
}

/// What makes a covering model unusable; the numbers are those of the arrays handed in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CoveringError {
    /// One cost per candidate is needed.
    #[error("{costs} costs for {candidates} candidates")]
    CostCount {
        /// Costs given.
        costs: usize,
        /// Rows of the incidence.
        candidates: usize,
    },
    /// More candidates, demands or pairs than 32-bit numbers allow.
    #[error("more than 2^31 candidates, demands or pairs")]
    TooLarge,
    /// A cost is negative or not finite.
    #[error("candidate {candidate}: cost {cost} is not a finite number of 0 or more")]
    Cost {
        /// Number of the candidate.
        candidate: usize,
        /// The cost given.
        cost: f64,
    },
    /// A weight is negative or not finite.
    #[error("demand {demand}: weight {weight} is not a finite number of 0 or more")]
    Weight {
        /// Number of the demand.
        demand: usize,
        /// The weight given.
        weight: f64,
    },
    /// A candidate covers a demand that does not exist.
    #[error("candidate {candidate} covers demand {demand}, but there are {demands} demands")]
    UnknownDemand {
        /// Number of the candidate.
        candidate: usize,
        /// Number of the demand.
        demand: u32,
        /// How many demands there are.
        demands: usize,
    },
    /// A candidate names the same demand twice.
    #[error("candidate {candidate} covers demand {demand} twice")]
    RepeatedDemand {
        /// Number of the candidate.
        candidate: usize,
        /// Number of the demand.
        demand: u32,
    },
    /// A fixed candidate does not exist or is named twice.
    #[error("fixed candidate {candidate} is unknown or named twice")]
    Fixed {
        /// Number of the candidate.
        candidate: u32,
    },
}

/// A covering problem without names: costs per candidate, weights per demand, and who covers whom.
///
/// Costs may be in any one currency unit and weights in any one unit (people, households); both are finite and ≥ 0.
/// A later configuration of a site (height, band, sectors) is a candidate of its own here.
#[derive(Debug, Clone, PartialEq)]
pub struct Covering {
    costs: Vec<f64>,
    weights: Vec<f64>,
    covers: Csr,
    servers: Csr,
    fixed: Vec<u32>,
}

impl Covering {
    /// Checks and indexes a model: `costs[j]` and `covers.row(j)` belong to candidate `j`, `weights[i]` to demand `i`;
    /// `fixed` lists the candidates that stand already (their cost counts as 0, and they are always chosen).
    /// Rows of `covers` may come in any order.
    ///
    /// # Errors
    /// The first [`CoveringError`] found.
    pub fn new(
        mut costs: Vec<f64>,
        weights: Vec<f64>,
        mut covers: Csr,
        mut fixed: Vec<u32>,
    ) -> Result<Self, CoveringError> {
        let candidates = covers.rows();
        let limit = i32::MAX as usize;
        if candidates > limit || weights.len() > limit || covers.pairs() > limit {
            return Err(CoveringError::TooLarge);
        }
        if costs.len() != candidates {
            return Err(CoveringError::CostCount { costs: costs.len(), candidates });
        }
        let bad = |x: f64| !(x.is_finite() && x >= 0.0);
        if let Some(candidate) = costs.iter().position(|&c| bad(c)) {
            return Err(CoveringError::Cost { candidate, cost: costs[candidate] });
        }
        if let Some(demand) = weights.iter().position(|&w| bad(w)) {
            return Err(CoveringError::Weight { demand, weight: weights[demand] });
        }
        covers.sort_rows();
        for (candidate, row) in covers.iter().enumerate() {
            if let Some(pair) = row.windows(2).find(|w| w[0] == w[1]) {
                return Err(CoveringError::RepeatedDemand { candidate, demand: pair[0] });
            }
            if let Some(&demand) = row.last().filter(|&&i| i as usize >= weights.len()) {
                return Err(CoveringError::UnknownDemand { candidate, demand, demands: weights.len() });
            }
        }
        fixed.sort_unstable();
        for (k, &candidate) in fixed.iter().enumerate() {
            if candidate as usize >= candidates || (k > 0 && fixed[k - 1] == candidate) {
                return Err(CoveringError::Fixed { candidate });
            }
            costs[candidate as usize] = 0.0;
        }
        Ok(Self::trusted(costs, weights, covers, fixed))
    }

    /// The same for arrays that this crate built itself, sorted and in range.
    pub(crate) fn trusted(costs: Vec<f64>, weights: Vec<f64>, covers: Csr, fixed: Vec<u32>) -> Self {
        let servers = covers.transpose(weights.len());
        Self { costs, weights, covers, servers, fixed }
    }

    /// Cost of each candidate, 0 for fixed ones.
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }

    /// Weight of each demand.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Number of candidates.
    pub fn candidates(&self) -> usize {
        self.costs.len()
    }

    /// Number of demands.
    pub fn demands(&self) -> usize {
        self.weights.len()
    }

    /// The demands of candidate `j`, increasing.
    #[inline]
    pub fn covers(&self, j: u32) -> &[u32] {
        self.covers.row(j as usize)
    }

    /// The candidates that serve demand `i`, increasing.
    #[inline]
    pub fn servers(&self, i: u32) -> &[u32] {
        self.servers.row(i as usize)
    }

    /// The candidates that stand already, increasing.
    pub fn fixed(&self) -> &[u32] {
        &self.fixed
    }

    /// Number of (candidate, demand) pairs.
    pub fn pairs(&self) -> usize {
        self.covers.pairs()
    }

    /// Demands that no candidate serves, increasing.
    pub fn uncoverable(&self) -> Vec<u32> {
        (0..self.demands() as u32).filter(|&i| self.servers(i).is_empty()).collect()
    }

    /// Total cost of the chosen candidates.
    pub fn cost_of(&self, chosen: &[u32]) -> f64 {
        chosen.iter().map(|&j| self.costs[j as usize]).fold(0.0, |sum, cost| sum + cost)
    }

    /// Total weight of the demands that at least one chosen candidate serves.
    pub fn weight_of(&self, chosen: &[u32]) -> f64 {
        let mut served = vec![false; self.demands()];
        for &j in chosen {
            for &i in self.covers(j) {
                served[i as usize] = true;
            }
        }
        self.weights.iter().zip(&served).filter(|&(_, &s)| s).map(|(w, _)| w).fold(0.0, |sum, weight| sum + weight)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_gives_the_same_matrix() {
        let a = Csr::from_rows([vec![0, 2], vec![], vec![1, 2, 3]]);
        assert_eq!(a.transpose(4).transpose(3), a);
        assert_eq!(a.transpose(4).row(2), [0, 2]);
    }

    #[test]
    fn faults_are_named() {
        let covers = || Csr::from_rows([vec![1, 0], vec![1]]);
        let build = |c: [f64; 2], w: [f64; 2], m, f: &[u32]| Covering::new(c.into(), w.into(), m, f.into());
        assert!(build([1.0, 2.0], [1.0, 1.0], covers(), &[1]).is_ok());
        assert!(matches!(build([-1.0, 2.0], [1.0, 1.0], covers(), &[]), Err(CoveringError::Cost { candidate: 0, .. })));
        assert!(matches!(
            build([1.0, 2.0], [1.0, f64::NAN], covers(), &[]),
            Err(CoveringError::Weight { demand: 1, .. })
        ));
        assert!(matches!(build([1.0, 2.0], [1.0, 1.0], covers(), &[2]), Err(CoveringError::Fixed { candidate: 2 })));
        assert!(matches!(
            build([1.0, 2.0], [1.0, 1.0], Csr::from_rows([vec![0, 5], vec![]]), &[]),
            Err(CoveringError::UnknownDemand { demand: 5, .. })
        ));
        assert!(matches!(
            build([1.0, 2.0], [1.0, 1.0], Csr::from_rows([vec![0, 0], vec![]]), &[]),
            Err(CoveringError::RepeatedDemand { demand: 0, .. })
        ));
    }
}
