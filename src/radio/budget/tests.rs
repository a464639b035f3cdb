use super::*;

const LTE: CellRadio = CellRadio {
    technology: Technology::Lte,
    frequency_mhz: 1842.5,
    bandwidth_mhz: 10.0,
    duplex: Duplex::Frequency,
    eirp_dbm: 62.0,
    antenna_gain_dbi: 18.0,
    feeder_loss_db: 0.0,
    layers: 1,
    load: None,
};

fn outdoors(radio: &Radio) -> Conditions<'_> {
    let environment = Environment::Outdoor;
    Conditions { radio, environment, body_loss_db: 0.0, stated_sigma_db: None, pixel_size_m: 100.0 }
}

#[test]
fn a_link_budget_adds_up() {
    // 46 dBm + 15 dBi, 10 MHz LTE, 140 dB loss, 3 dB body: 61 − 27.78 − 140 − 3 = −109.78 dBm.
    let level = CellRadio { eirp_dbm: 61.0, ..LTE }.level(Db(140.0 + 3.0));
    assert!((level.0 + 109.782).abs() < 1e-3);
}

#[test]
fn the_weaker_direction_decides() {
    let radio = Radio::default();
    let budget = CellBudget::of(&LTE, &Conditions { body_loss_db: 3.0, ..outdoors(&radio) });
    // Down: 62 − 27.782 − 3 = 31.218 dBm. Up: 23 − 3 + 18 − (−174 + 55.563 + 5 + 1 − 7) = 157.437 dB.
    assert!((budget.level_at_zero_loss_dbm - 31.218).abs() < 1e-3);
    assert!((budget.uplink_margin_at_zero_loss_db - 157.437).abs() < 1e-3);
    assert!((budget.margin_db(140.0, -115.0) - 6.218).abs() < 1e-3); // down: −108.782 against −115
    assert!((budget.margin_db(140.0, -130.0) - 17.437).abs() < 1e-3); // up
    // σ at 1842.5 MHz over 100 m: (0.52 + 0.04422)·3.63078 = 2.04857; √(2.04857² + 6.7²) = 7.00618 dB.
    assert!((budget.sigma_db - 7.006).abs() < 1e-3);
    let car = CellBudget::of(&LTE, &Conditions { environment: Environment::InCar, ..outdoors(&radio) });
    assert!((car.level_at_zero_loss_dbm - 25.218).abs() < 1e-3);
    assert!((car.uplink_margin_at_zero_loss_db - 151.437).abs() < 1e-3);
    let stated = CellBudget::of(&LTE, &Conditions { stated_sigma_db: Some(8.0), ..outdoors(&radio) });
    assert_eq!(stated.sigma_db, 8.0);
    // in a car the spread of 5 dB on the way in comes on top: √(64 + 25) = 9.4340 dB
    let conditions = Conditions { environment: Environment::InCar, stated_sigma_db: Some(8.0), ..outdoors(&radio) };
    assert!((CellBudget::of(&LTE, &conditions).sigma_db - 9.434).abs() < 1e-3);
}

#[test]
fn who_sends_a_quarter_of_the_time_needs_four_times_the_power() {
    let radio = Radio::default();
    let margin = |radio: &Radio, duplex| {
        CellBudget::of(&CellRadio { duplex, ..LTE }, &outdoors(radio)).uplink_margin_at_zero_loss_db
    };
    let lost_db = margin(&radio, Duplex::Frequency) - margin(&radio, Duplex::Time);
    assert!((lost_db - 6.021).abs() < 1e-3, "{lost_db}"); // −10·log 0.25
    let half = Radio { tdd_downlink_share: 0.5, ..Radio::default() };
    assert!((margin(&half, Duplex::Frequency) - margin(&half, Duplex::Time) - 3.010).abs() < 1e-3);
}

#[test]
fn sinr_of_two_and_three_cells_by_hand() {
    let radio = Radio::default();
    let budget = CellBudget::of(&LTE, &outdoors(&radio));
    // Noise of 15 kHz with 9 dB: −174 + 41.761 + 9 = −123.239 dBm = 4.7435e-13 mW.
    assert!((budget.noise_dbm + 123.239).abs() < 1e-3);
    // Alone at −95 dBm: 28.239 dB. With another at −98 dBm, half loaded: I = 0.5·1.58489e-10 = 7.92447e-11 mW;
    // S/(I + N) = 3.16228e-10/7.97190e-11 = 3.96678, 5.9844 dB. With a third at −101 dBm: I += 3.97164e-11;
    // 3.16228e-10/1.19435e-10 = 2.64769, 4.2287 dB.
    let one = 0.0;
    let two = one + budget.interference_mw(-98.0);
    let three = two + budget.interference_mw(-101.0);
    for (others, expected) in [(one, 28.239), (two, 5.984_4), (three, 4.228_7)] {
        assert!((budget.sinr_db(-95.0, others) - expected).abs() < 1e-3, "{expected}");
    }
    let loaded = CellBudget::of(&CellRadio { load: Some(1.0), ..LTE }, &outdoors(&radio));
    // A full neighbour as strong as the server: just below 0 dB.
    assert!((budget.sinr_db(-95.0, loaded.interference_mw(-95.0)) + 0.006_5).abs() < 1e-3);
    // UMTS: −174 + 65.843 + 9 − 10 = −109.157 dBm of pilot; GSM hears no interference without a frequency plan.
    let umts =
        CellBudget::of(&CellRadio { technology: Technology::Umts, bandwidth_mhz: 5.0, ..LTE }, &outdoors(&radio));
    assert!((umts.noise_dbm + 109.157).abs() < 1e-3);
    let gsm = CellBudget::of(&CellRadio { technology: Technology::Gsm, bandwidth_mhz: 0.2, ..LTE }, &outdoors(&radio));
    assert!((gsm.sinr_db(-90.0, three) - 21.990).abs() < 1e-3); // −174 + 53.010 + 9 = −111.990 dBm
}

#[test]
fn throughput_down_by_hand() {
    let radio = Radio::default();
    let of = |layers, bandwidth_mhz| CellBudget::of(&CellRadio { layers, bandwidth_mhz, ..LTE }, &outdoors(&radio));
    // 50 blocks are 9 MHz, half of it free: 10 dB give 0.6·log₂(11)·4.5 = 9.3405 Mbit/s.
    assert!((of(1, 10.0).down_mbps(10.0) - 9.340_5).abs() < 1e-3);
    // Two streams of 6.9897 dB: 2·0.6·log₂(6)·4.5 = 13.9588. At −5 dB one stream is best: 0.6·log₂(1.31623)·4.5 = 1.0703;
    // two would give 2·0.6·log₂(1.15811)·4.5 = 1.1437, so two are.
    assert!((of(2, 10.0).down_mbps(10.0) - 13.958_8).abs() < 1e-3);
    assert!((of(2, 10.0).down_mbps(-5.0) - 1.143_7).abs() < 1e-3);
    // At −8 dB two streams of −11.01 dB each are below the least SINR: one, 0.6·log₂(1.15849)·4.5 = 0.5731.
    assert!((of(2, 10.0).down_mbps(-8.0) - 0.573_1).abs() < 1e-3);
    assert_eq!(of(2, 10.0).down_mbps(-10.5), 0.0);
    // The densest modulation: 2·4.4·9 = 79.2 Mbit/s on half of 20 MHz, from 25.01 dB.
    assert!((of(2, 20.0).down_mbps(40.0) - 79.2).abs() < 1e-9);
    // NR on 100 MHz at 3500 MHz: 273·0.36 = 98.28 MHz, half free, three quarters of the time down: 4·4.4·98.28·0.375.
    let (technology, duplex) = (Technology::Nr, Duplex::Time);
    let nr = CellRadio { technology, frequency_mhz: 3500.0, bandwidth_mhz: 100.0, duplex, layers: 4, ..LTE };
    let nr = CellBudget::of(&nr, &outdoors(&radio));
    assert!((nr.down_mbps(60.0) - 648.648).abs() < 1e-6);
    // HSDPA's category 10 on half a carrier; EDGE's four slots.
    let umts = CellRadio { technology: Technology::Umts, bandwidth_mhz: 5.0, ..LTE };
    assert!((CellBudget::of(&umts, &outdoors(&radio)).down_mbps(40.0) - 7.2).abs() < 1e-9);
    let gsm = CellRadio { technology: Technology::Gsm, bandwidth_mhz: 0.2, load: Some(0.0), ..LTE };
    assert!((CellBudget::of(&gsm, &outdoors(&radio)).down_mbps(40.0) - 0.236_8).abs() < 1e-9);
}

#[test]
fn what_a_throughput_needs_gives_it_back() {
    let radio = Radio::default();
    for layers in [1, 2, 4] {
        let budget = CellBudget::of(&CellRadio { layers, bandwidth_mhz: 20.0, ..LTE }, &outdoors(&radio));
        for mbps in [0.5, 1.0, 5.0, 12.3, 35.0] {
            let sinr_db = budget.needed_sinr_db(mbps).unwrap();
            assert!(budget.down_mbps(sinr_db) >= mbps - 1e-6, "{layers} {mbps}");
            let below = budget.down_mbps(sinr_db - 0.01);
            assert!(below < mbps, "{layers} {mbps}: {below}");
        }
        assert_eq!(budget.needed_sinr_db(1_000.0), None);
    }
    let budget = CellBudget::of(&LTE, &outdoors(&radio));
    for mbps in [0.064, 0.5, 1.0, 3.0, 8.0] {
        let loss_db = budget.uplink_margin_for_db(mbps).unwrap();
        assert!((budget.up_mbps(loss_db - 1e-6) - mbps).abs() < 1e-3, "{mbps}: {}", budget.up_mbps(loss_db));
        assert!(budget.up_mbps(loss_db + 0.01) < mbps, "{mbps}");
    }
    assert_eq!(budget.uplink_margin_for_db(10.0), None); // 2.0·9·0.5 = 9 Mbit/s is the most
    let full = CellBudget::of(&CellRadio { load: Some(1.0), ..LTE }, &outdoors(&radio));
    assert_eq!((full.down_mbps(30.0), full.needed_sinr_db(1.0), full.uplink_margin_for_db(1.0)), (0.0, None, None));
}

#[test]
fn throughput_up_by_hand() {
    let radio = Radio::default();
    let budget = CellBudget::of(&LTE, &outdoors(&radio));
    // 23 + 18 − 130 = −89 dBm against −174 + 69.542 + 5 + 1 = −98.458 dBm on 9 MHz: 9.458 dB, 0.4·log₂(9.8263)·4.5 = 5.934 Mbit/s.
    assert!((budget.up_mbps(130.0) - 5.934).abs() < 1e-3);
    // 150 dB: −109 dBm; −10 dB are left on 10^((−109 + 108 + 10)/10) = 7.943 MHz: 7.943·0.5·0.4·log₂(1.1) = 0.2185 Mbit/s.
    assert!((budget.up_mbps(150.0) - 0.218_5).abs() < 1e-3);
    // 168 dB leave −10 dB on 0.126 MHz, less than a resource block.
    assert_eq!(budget.up_mbps(168.0), 0.0);
}
