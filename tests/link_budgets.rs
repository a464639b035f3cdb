//! Link budgets of every technology against published examples: the same numbers in, the same path loss out.
//!
//! Noise, SINR and needed power of LTE and NR are computed here; the sensitivities of GSM and UMTS are numbers of a study, so that of them the sum is tried.

use notspot::radio::{CellBudget, CellRadio, Conditions, Duplex, Environment, Radio, Technology};

fn conditions(radio: &Radio, body_loss_db: f64) -> Conditions<'_> {
    let environment = Environment::Outdoor;
    Conditions { radio, environment, body_loss_db, stated_sigma_db: None, pixel_size_m: 100.0 }
}

fn cell(technology: Technology, frequency_mhz: f64, bandwidth_mhz: f64) -> CellRadio {
    let (eirp_dbm, antenna_gain_dbi, feeder_loss_db) = (60.0, 18.0, 0.0);
    CellRadio {
        technology,
        frequency_mhz,
        bandwidth_mhz,
        duplex: Duplex::of(technology, frequency_mhz, None),
        eirp_dbm,
        antenna_gain_dbi,
        feeder_loss_db,
        layers: 1,
        load: None,
    }
}

fn near(found: f64, published: f64, within_db: f64) {
    assert!((found - published).abs() < within_db, "{found:.2} dB, published {published} dB");
}

/// ETSI TR 101 362 (GSM 03.30), Annex A.1, rows C to G and M, handset of 2 W: sensitivity −104 dBm, interference margin 3 dB, cable 4 dB, antenna 12 dBi,
/// so −109 dBm between isotropic antennas; 33 dBm from the handset bridge 142 dB. The noise of 200 kHz with 8 dB is −113 dBm.
#[test]
fn gsm_handset_of_2_w() {
    let mut radio = Radio { handset_noise_figure_db: 8.0, ..Radio::default() };
    radio.gsm.base_sensitivity_dbm = -104.0 + 3.0;
    let bts = CellRadio { antenna_gain_dbi: 12.0, feeder_loss_db: 4.0, ..cell(Technology::Gsm, 942.5, 0.2) };
    let budget = CellBudget::of(&bts, &conditions(&radio, 0.0));
    near(budget.uplink_margin_at_zero_loss_db, 142.0, 0.01);
    near(budget.noise_dbm, -113.0, 0.05);
}

/// Holma and Toskala, "WCDMA for UMTS", reference link budget of the 12.2 kbit/s voice service: handset 21 dBm, body 3 dB; noise figure
/// 5 dB, 3.84 MHz, interference margin 3 dB, processing gain 25.0 dB, Eb/N0 5.0 dB, so −120.2 dBm; antenna 18 dBi, cable 2 dB; largest
/// path loss 154.2 dB, and 8 dB less in a car.
#[test]
fn umts_voice() {
    let mut radio = Radio::default();
    radio.umts.handset_power_dbm = 21.0;
    // −174 + 65.84 + 5 − 24.98 + 5 = −123.14 dBm: the empty cell's, to which the margin of 3 dB is added
    let (noise_dbm, gain_db) = (-174.0 + 10.0 * 3.84e6f64.log10() + 5.0, 10.0 * (3840.0f64 / 12.2).log10());
    radio.umts.base_sensitivity_dbm = noise_dbm - gain_db + 5.0;
    radio.umts.uplink_noise_rise_db = 3.0;
    let node_b = CellRadio { feeder_loss_db: 2.0, ..cell(Technology::Umts, 2140.0, 5.0) };
    near(CellBudget::of(&node_b, &conditions(&radio, 3.0)).uplink_margin_at_zero_loss_db, 154.2, 0.15);
    radio.in_car_loss_db = 8.0;
    let car = Conditions { environment: Environment::InCar, ..conditions(&radio, 3.0) };
    near(CellBudget::of(&node_b, &car).uplink_margin_at_zero_loss_db, 146.2, 0.15);
}

/// Holma and Toskala, "LTE for UMTS", uplink of 64 kbit/s on two resource blocks: handset 23 dBm; noise figure 2 dB, SINR −7 dB, so −123.4 dBm;
/// interference margin 1 dB; antenna 18 dBi; largest path loss 163.4 dB.
#[test]
fn lte_uplink_of_64_kbit_s() {
    let radio = Radio { base_noise_figure_db: 2.0, ..Radio::default() };
    let budget = CellBudget::of(&cell(Technology::Lte, 1842.5, 10.0), &conditions(&radio, 0.0));
    near(budget.uplink_margin_at_zero_loss_db, 163.4, 0.1);
}

/// Johnson, "Long Term Evolution in Bullets", Table 343, uplink of 500 kbit/s on eight resource blocks: handset 23 dBm; noise figure 2.5 dB,
/// interference margin 2 dB, SINR 0.5 dB, so −107.4 dBm; antenna 18 dBi. Largest path loss 123.9 dB after 18 dB of building penetration, 9 dB
/// of fading margin less 2.5 dB of handover gain: 148.4 dB outdoors.
#[test]
fn lte_uplink_of_500_kbit_s() {
    let mut radio = Radio { base_noise_figure_db: 2.5, ..Radio::default() };
    radio.lte.uplink_noise_rise_db = 2.0;
    radio.lte.edge_bandwidth_mhz = 8.0 * 0.18;
    radio.lte.edge_sinr_db = 0.5;
    let budget = CellBudget::of(&cell(Technology::Lte, 2655.0, 20.0), &conditions(&radio, 0.0));
    near(budget.uplink_margin_at_zero_loss_db, 123.9 + 18.0 + 9.0 - 2.5, 0.1);
}

/// Holma and Toskala, "LTE for UMTS", downlink of 1 Mbit/s on 10 MHz: 46 dBm + 18 dBi − 2 dB; noise figure 7 dB, SINR −10 dB, so −107.5 dBm;
/// interference margin 3 dB and control channels 1 dB; largest path loss 165.5 dB.
#[test]
fn lte_downlink_of_1_mbit_s() {
    let radio = Radio { handset_noise_figure_db: 7.0, ..Radio::default() };
    let e_node_b = CellRadio { eirp_dbm: 62.0, ..cell(Technology::Lte, 1842.5, 10.0) };
    let budget = CellBudget::of(&e_node_b, &conditions(&radio, 0.0));
    let sinr_db = budget.sinr_db(budget.level_dbm(165.5), 0.0);
    near(sinr_db, -10.0 + 3.0 + 1.0, 0.1);
    // The truncated Shannon bound of TR 36.942 gives 1 Mbit/s of an empty carrier at −8.6 dB, 1.4 dB above the book's simulated −10 dB.
    let empty = CellBudget::of(&CellRadio { load: Some(0.0), ..e_node_b }, &conditions(&radio, 0.0));
    near(empty.needed_sinr_db(1.0).unwrap_or_default(), -8.6, 0.2);
}

/// The example of the NR link budget calculator of HiCellTek (last verified 2026-04-15): downlink of 100 MHz at 3.5 GHz, 46 dBm + 17 dBi − 2 dB,
/// noise figure 9 dB, SNR −5 dB, so −90 dBm; body 3 dB, fading margin 7 dB, interference 2 dB; largest path loss 139 dB. It takes the noise of
/// all 100 MHz, of which 98.28 MHz are resource blocks: 0.08 dB.
#[test]
fn nr_downlink_on_100_mhz() {
    let radio = Radio::default();
    let g_node_b = CellRadio { eirp_dbm: 61.0, ..cell(Technology::Nr, 3500.0, 100.0) };
    let budget = CellBudget::of(&g_node_b, &conditions(&radio, 3.0));
    near(budget.sinr_db(budget.level_dbm(139.0), 0.0), -5.0 + 7.0 + 2.0, 0.1);
}

/// With defaults alone the budgets are the published ones of above but for the numbers in which they differ, each of which stands here.
#[test]
fn defaults_differ_from_published_budgets_by_what_their_sources_differ() {
    let radio = Radio::default();
    let budget = |cell: CellRadio, body_loss_db| CellBudget::of(&cell, &conditions(&radio, body_loss_db));
    let uplink = |cell, body_loss_db| budget(cell, body_loss_db).uplink_margin_at_zero_loss_db;
    // GSM 03.30, handset of 2 W: −110 dBm of two branches for −104 dBm of one, and no interference margin of 3 dB
    let bts = CellRadio { antenna_gain_dbi: 12.0, feeder_loss_db: 4.0, ..cell(Technology::Gsm, 942.5, 0.2) };
    near(uplink(bts, 0.0), 142.0 + 6.0 + 3.0, 0.01);
    // above 1 GHz handsets of class 1 send 30 dBm
    near(uplink(CellRadio { frequency_mhz: 1842.5, ..bts }, 0.0), 142.0 + 6.0 + 3.0 - 3.0, 0.01);
    // UMTS voice: 24 dBm of class 3 for 21, the −121 dBm that TS 25.104 asks for where the book has −123.1
    let node_b = CellRadio { feeder_loss_db: 2.0, ..cell(Technology::Umts, 2140.0, 5.0) };
    near(uplink(node_b, 3.0), 154.2 + 3.0 - 2.1, 0.15);
    // LTE, 64 kbit/s: a noise figure of 5 dB for 2; NR with paired frequencies is alike, and where directions take turns a quarter of the time is 6 dB
    let e_node_b = cell(Technology::Lte, 1842.5, 10.0);
    near(uplink(e_node_b, 0.0), 163.4 - 3.0, 0.1);
    near(uplink(cell(Technology::Nr, 1842.5, 20.0), 0.0), 163.4 - 3.0, 0.1);
    near(uplink(cell(Technology::Nr, 3550.0, 100.0), 0.0), 163.4 - 3.0 - 6.02, 0.1);
    // LTE, 1 Mbit/s down: a noise figure of 9 dB for 7
    let down = budget(CellRadio { eirp_dbm: 62.0, ..e_node_b }, 0.0);
    near(down.sinr_db(down.level_dbm(165.5 - 2.0), 0.0), -10.0 + 3.0 + 1.0, 0.1);
}
