//! `notspot link` and `notspot models`: the real binary.

#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::Path;

fn notspot(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("notspot").unwrap();
    command.args(arguments);
    command
}

/// Answers to the lines, and the exit code.
fn batch(lines: &[&str], arguments: &[&str]) -> (Vec<Value>, i32) {
    let output = notspot(&[&["link", "--batch"], arguments].concat()).write_stdin(lines.join("\n")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text.lines().map(|l| serde_json::from_str(l).unwrap()).collect(), output.status.code().unwrap())
}

fn line(change: impl Fn(&mut Value)) -> String {
    let mut line = json!({
        "id": "a1", "model": "delta-bullington", "frequency_mhz": 900, "polarization": "vertical",
        "tx_height_agl_m": 30, "rx_height_agl_m": 1.5,
        "profile": {"distance_km": [0, 2, 5, 8], "terrain_amsl_m": [512, 630, 498, 505]},
        "path_center_latitude_deg": 22.7, "params": {"delta_n": 45}
    });
    change(&mut line);
    line.to_string()
}

#[test]
fn a_batch_answers_in_order_and_a_bad_line_does_not_stop_it() {
    let mut lines: Vec<String> = (0..2500)
        .map(|i| line(|l| (l["id"], l["rx_height_agl_m"]) = (json!(i), json!(1.0 + f64::from(i) * 0.01))))
        .collect();
    lines[1300] = line(|l| (l["id"], l["frequency_mhz"]) = (json!(1300), json!(0)));
    lines.insert(0, String::new());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (answers, code) = batch(&lines, &["--threads", "2"]);
    assert_eq!(code, 1);
    let ids: Vec<_> = answers.iter().map(|a| a["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (0..2500).collect::<Vec<_>>());
    let error = answers[1300]["error"].as_str().unwrap();
    assert!(error.starts_with("frequency_mhz = 0 is outside"), "{error}");
    assert!(answers[1300].get("loss_db").is_none());
    let losses: Vec<f64> = answers.iter().filter_map(|a| a["loss_db"].as_f64()).collect();
    assert_eq!(losses.len(), 2499);
    assert!(losses.is_sorted_by(|a, b| a >= b), "a higher receiver behind a hill loses less");
}

#[test]
fn a_line_takes_its_defaults() {
    let full = line(|l| {
        l["model"] = json!("p1812");
        l["profile"]["clutter_m"] = json!([0, 0, 0, 0]);
        l["profile"]["zone"] = json!(["inland", "inland", "inland", "inland"]);
    });
    let bare = line(|l| {
        for key in ["id", "model", "polarization", "params"] {
            l.as_object_mut().unwrap().remove(key);
        }
    });
    let (answers, code) = batch(&[&full, &bare], &[]);
    assert_eq!(code, 0, "{answers:?}");
    assert_eq!(answers[0]["id"], "a1");
    assert_eq!(answers[1]["id"], Value::Null);
    assert!(answers[1].as_object().unwrap().contains_key("id"));
    assert_eq!(answers[0]["loss_db"], answers[1]["loss_db"]);
    assert_eq!(answers[0]["warnings"], json!([]));
    assert!(answers[0].get("trace").is_none());
}

#[test]
fn every_fault_of_a_line_is_named() {
    let cases: Vec<(String, &str)> = vec![
        ("{".into(), "not JSON"),
        ("[1]".into(), "one JSON object, not an array"),
        (r#"{"id":4,"frequency_mhz":900,"frequency_mhz":1800}"#.into(), "frequency_mhz is given twice"),
        (r#"{"id":4,"model":"itm","id":5,"model":"itm"}"#.into(), "id, model are given twice"),
        (line(|l| l["polarisation"] = json!("vertical")), "polarisation is not known; did you mean \"polarization\"?"),
        (line(|l| l["polarization"] = json!("diagonal")), "polarization: unknown variant `diagonal`"),
        (line(|l| l["model"] = json!("delta-bulington")), "did you mean \"delta-bullington\"?"),
        (line(|l| l["params"] = json!({"deltan": 45})), "did you mean \"delta_n\"?"),
        (line(|l| l["params"] = json!({"delta_n": 157})), "parameter delta_n: 157 is not allowed; it takes 0 to 150"),
        (line(|l| l["rx_height_agl_m"] = json!(-2)), "rx_height_agl_m = -2 is outside"),
        (line(|l| l["rx_height_agl_m"] = Value::Null), "rx_height_agl_m is missing"),
        (line(|l| l["tx_height_agl_m"] = json!("30")), "tx_height_agl_m: invalid type: string"),
        (line(|l| l["frequency_mhz"] = json!(5)), "frequency_mhz = 5 is outside 10–100000 MHz for delta-bullington"),
        (line(|l| l["profile"]["terrain_amsl_m"] = json!([1, 2])), "profile.terrain_amsl_m has 2 values"),
        (line(|l| l["profile"]["height"] = json!([1, 2])), "profile.height is not known"),
        (line(|l| l["profile"]["distance_km"] = json!([0, 2, 2, 8])), "profile.distance_km[2] = 2"),
        (line(|l| l["profile"] = Value::Null), "profile is missing; delta-bullington needs it"),
        (line(|l| l["distance_km"] = json!(8)), "profile and distance_km exclude each other"),
        (line(|l| l["path_center_latitude_deg"] = json!(122)), "path_center_latitude_deg = 122 is outside"),
    ];
    let lines: Vec<&str> = cases.iter().map(|(l, _)| l.as_str()).collect();
    let (answers, code) = batch(&lines, &[]);
    assert_eq!((answers.len(), code), (cases.len(), 1));
    for (answer, (line, expected)) in answers.iter().zip(&cases) {
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(expected), "{line}\n{error}\n{expected}");
    }
    assert_eq!((&answers[2]["id"], &answers[3]["id"]), (&json!(4), &Value::Null), "an id that stands once is kept");
}

#[test]
fn a_model_without_a_profile_takes_a_distance() {
    let free = |change: fn(&mut Value)| {
        line(move |l| {
            l["model"] = json!("free-space");
            let object = l.as_object_mut().unwrap();
            object.remove("profile");
            object.remove("params");
            l["distance_km"] = json!(10);
            change(l);
        })
    };
    let lines = [free(|_| ()), free(|l| l["distance_km"] = json!(0)), free(|l| l["model"] = json!("delta-bullington"))];
    let (answers, code) = batch(&lines.each_ref().map(String::as_str), &[]);
    assert_eq!(code, 1);
    // 32.4 + 20·log 900 + 20·log 10 = 111.4849 dB
    assert!((answers[0]["loss_db"].as_f64().unwrap() - 111.4849).abs() < 1e-3, "{}", answers[0]);
    assert!(answers[1]["error"].as_str().unwrap().starts_with("distance_km = 0 is outside"), "{}", answers[1]);
    assert_eq!(answers[2]["error"], "delta-bullington needs a profile; a distance alone is not enough");
}

#[test]
fn a_trace_names_symbol_equation_and_value() {
    let (answers, code) = batch(&[&line(|_| ())], &["--trace"]);
    assert_eq!(code, 0);
    let trace = answers[0]["trace"].as_array().unwrap();
    let step = trace.iter().find(|s| s["symbol"] == "L_bulla").unwrap();
    assert_eq!((&step["equation"], &step["unit"]), (&json!("(21)"), &json!("dB")));
    assert!(step["value"].as_f64().unwrap() > 5.0);
    assert_eq!(trace.last().unwrap()["value"], answers[0]["loss_db"]);
}

#[test]
fn a_single_link_equals_the_batch_and_speaks_to_people() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profile.csv");
    std::fs::write(&file, "distance_km,terrain_amsl_m\n0,512\n2,630\n5,498\n8,505\n").unwrap();
    let arguments = |extra: &[&'static str]| {
        let file = file.to_str().unwrap().to_owned();
        let mut all = vec!["link".to_owned(), "--profile".into(), file];
        let link = ["--frequency", "900", "--tx-height", "30", "--rx-height", "1.5", "--latitude", "22.7"];
        all.extend(link.map(String::from));
        all.extend(extra.iter().map(|&e| e.to_owned()));
        all
    };
    let run = |extra: &[&'static str]| Command::cargo_bin("notspot").unwrap().args(arguments(extra)).output().unwrap();

    let (answers, _) = batch(&[&line(|l| l["model"] = json!("p1812"))], &[]);
    let json: Value = serde_json::from_slice(&run(&["--json", "--param", "delta_n=45"]).stdout).unwrap();
    assert_eq!(json["schema"], "notspot/link/1");
    assert_eq!(json["loss_db"], answers[0]["loss_db"]);
    assert_eq!(json["parameters"]["delta_n"], 45.0);

    let text = String::from_utf8(run(&["--trace"]).stdout).unwrap();
    let loss = format!("loss       {:.2} dB", json["loss_db"].as_f64().unwrap());
    assert!(text.contains(&loss) && text.contains("L_bulla") && text.contains("8.000 km, 4 profile points"), "{text}");

    let refused = run(&["--param", "delta_m=45"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("did you mean \"delta_n\"?"));
    assert_eq!(run(&["--model", "nonsense"]).status.code(), Some(2));

    std::fs::write(&file, "distance_km,terrain_amsl_m\n0,512\n2,high\n").unwrap();
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("profile.csv, row 3, terrain_amsl_m = \"high\": is not a number"), "{message}");
}

#[test]
fn usage_errors_exit_2() {
    for arguments in [
        &["link"][..],
        &["link", "--batch", "--frequency", "900"],
        &["link", "--distance", "5", "--frequency", "900", "--tx-height", "30"],
        &["link", "--distance", "5", "--frequency", "900", "--tx-height", "30", "--rx-height", "1.5"],
        &[
            "link",
            "--distance",
            "5",
            "--frequency",
            "900",
            "--tx-height",
            "-3",
            "--rx-height",
            "2",
            "--model",
            "free-space",
        ],
    ] {
        assert_eq!(notspot(arguments).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_notspot"))
        .args(["link", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..3000 {
        if writeln!(stdin, "{}", line(|_| ())).is_err() {
            break;
        }
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert_eq!(message, "");
}

#[test]
fn models_lists_every_model_with_its_reference() {
    let text = String::from_utf8(notspot(&["models"]).output().unwrap().stdout).unwrap();
    let output = notspot(&["models", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema"], "notspot/models/1");
    let models = json["models"].as_array().unwrap();
    assert!(models.len() >= 2 && models.iter().any(|m| m["id"] == json["default"]));
    for model in models {
        for key in ["id", "summary", "reference"] {
            assert!(text.contains(model[key].as_str().unwrap()), "{key} of {model}");
        }
        for limit in model["validity"].as_array().unwrap() {
            assert!(text.contains(limit["quantity"].as_str().unwrap()), "{limit}");
        }
        for parameter in model["parameters"].as_array().unwrap() {
            assert!(text.contains(parameter["name"].as_str().unwrap()), "{parameter}");
        }
    }
}

/// Every model without a profile takes a distance or a profile, with its parameters, in a batch and by `notspot models`.
#[test]
fn empirical_models_through_the_batch() {
    let line = |model: &str, frequency_mhz: f64, params: Value, with_profile: bool| {
        let mut line = json!({
            "id": model, "model": model, "frequency_mhz": frequency_mhz, "tx_height_agl_m": 35, "rx_height_agl_m": 1.5,
            "params": params
        });
        if with_profile {
            line["profile"] = json!({"distance_km": [0, 1, 2], "terrain_amsl_m": [100, 100, 100]});
        } else {
            line["distance_km"] = json!(2);
        }
        line.to_string()
    };
    for (model, frequency_mhz, params, expected_db) in [
        // 69.55 + 26.16·log 900 − 13.82·log 35 − 0.0159 + 34.7864·log 2
        ("hata", 900.0, json!({"environment": "urban"}), 135.950),
        // 46.3 + 33.9·log 1800 − 13.82·log 35 − 0.0430 + 34.7864·log 2 + 3
        ("cost231", 1800.0, json!({"environment": "metropolitan"}), 148.743),
        ("tr38901-uma", 3500.0, json!({"los": "nlos"}), 153.428),
    ] {
        let lines = [false, true].map(|profile| line(model, frequency_mhz, params.clone(), profile));
        let (answers, code) = batch(&lines.each_ref().map(String::as_str), &["--trace"]);
        assert_eq!(code, 0, "{answers:?}");
        for answer in &answers {
            assert!((answer["loss_db"].as_f64().unwrap() - expected_db).abs() < 2e-3, "{answer}");
            assert_eq!(answer["trace"].as_array().unwrap().last().unwrap()["value"], answer["loss_db"]);
        }
    }
    let doubtful = [
        line("ehata", 900.0, json!({}), true),
        line("hata", 5000.0, json!({}), false),
        line("tr38901-rma", 700.0, json!({}), false),
    ];
    let (answers, code) = batch(&doubtful.each_ref().map(String::as_str), &[]);
    assert_eq!(code, 0, "{answers:?}");
    for (answer, warning) in answers.iter().zip([
        "frequency_mhz = 900 is outside 1500–3000 MHz for ehata",
        "frequency_mhz = 5000 is outside 150–1500 MHz for hata",
        "a distance alone does not tell line of sight",
    ]) {
        assert!(answer["warnings"][0].as_str().unwrap().starts_with(warning), "{answer}");
    }
    let refused = [
        line("tr38901-uma", 450.0, json!({}), true),
        line("p1812", 900.0, json!({"terminal_clutter": "urban"}), true),
        line("cost231", 1800.0, json!({"environment": "urban"}), true),
    ];
    let (answers, code) = batch(&refused.each_ref().map(String::as_str), &[]);
    assert_eq!(code, 1);
    for (answer, error) in answers.iter().zip([
        "frequency_mhz = 450 is outside 500–100000 MHz for tr38901-uma",
        "parameter terminal_clutter: p1812 has no such parameter",
        "parameter environment: \"urban\" is not allowed; it takes medium | metropolitan",
    ]) {
        assert!(answer["error"].as_str().unwrap().starts_with(error), "{answer}");
    }
    let models = notspot(&["models"]).output().unwrap();
    let text = String::from_utf8(models.stdout).unwrap();
    for id in ["hata", "cost231", "ehata", "free-space", "tr38901-rma", "tr38901-uma"] {
        assert!(text.lines().any(|l| l == id), "{id} is not in\n{text}");
    }
}

/// The batch gives the losses of the P.1812 validation set (see `golden_p1812.rs` for the source).
#[test]
fn a_golden_case_through_the_batch() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/p1812");
    let profile = std::fs::read_to_string(golden.join("profiles/b2iseac.csv")).unwrap();
    let rows: Vec<Vec<&str>> = profile.lines().skip(1).map(|l| l.split(',').collect()).collect();
    let column = |i: usize| rows.iter().map(|r| r[i].parse().unwrap()).collect::<Vec<f64>>();
    let line = json!({
        "model": "delta-bullington", "frequency_mhz": 95.3, "polarization": "horizontal", "tx_height_agl_m": 60, "rx_height_agl_m": 7,
        "profile": {"distance_km": column(0), "terrain_amsl_m": column(1), "clutter_m": column(2),
            "zone": rows.iter().map(|r| r[3]).collect::<Vec<_>>()}
    });
    let (answers, _) = batch(&[&line.to_string()], &[]);
    assert!((answers[0]["loss_db"].as_f64().unwrap() - 160.686_689_8).abs() < 1e-6, "{}", answers[0]);
}

/// The batch gives the losses of NTIA's examples (see `golden_itm.rs` for the source), as printed.
#[test]
fn itm_through_the_batch() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/itm");
    let table = |name: &str| -> Vec<Vec<f64>> {
        let text = std::fs::read_to_string(golden.join(name)).unwrap();
        let numbers = |line: &str| line.split(',').map(|v| v.trim().parse().ok()).collect::<Option<_>>();
        text.lines().filter_map(numbers).collect()
    };
    let (mut lines, mut printed_db) = (Vec::new(), Vec::new());
    let polarization = |pol: f64| if pol == 1.0 { "vertical" } else { "horizontal" };
    for (case, pfl) in table("p2p.csv").iter().zip(table("pfls.csv")) {
        let &[h_tx, h_rx, epsilon, sigma, n_0, f_mhz, pol, climate, time, location, situation, mdvar, loss_db] =
            case.as_slice()
        else {
            panic!("{case:?}")
        };
        let (step_m, heights) = (pfl[1], &pfl[2..]);
        let distance_km: Vec<f64> = (0..heights.len()).map(|i| i as f64 * step_m / 1000.0).collect();
        lines.push(json!({
            "id": lines.len(), "model": "itm", "frequency_mhz": f_mhz, "polarization": polarization(pol),
            "tx_height_agl_m": h_tx, "rx_height_agl_m": h_rx,
            "profile": {"distance_km": distance_km, "terrain_amsl_m": heights},
            "params": {"method": "p2p", "climate": climate, "surface_refractivity": n_0, "permittivity": epsilon,
                "conductivity_s_m": sigma, "mode_of_variability": mdvar, "time_percent": time,
                "location_percent": location, "situation_percent": situation}
        }));
        printed_db.push(format!("{loss_db:.2}"));
    }
    let area = |case: &[f64], distance_in_params: bool| {
        let mut line = json!({
            "model": "itm", "frequency_mhz": case[10], "polarization": polarization(case[11]),
            "tx_height_agl_m": case[0], "rx_height_agl_m": case[1],
            "params": {"method": "area", "climate": case[12], "surface_refractivity": case[9], "permittivity": case[7],
                "conductivity_s_m": case[8], "mode_of_variability": case[3], "time_percent": case[13],
                "location_percent": case[14], "situation_percent": case[15], "delta_h_m": case[2],
                "siting_tx": case[5], "siting_rx": case[6]}
        });
        let place = if distance_in_params { &mut line["params"] } else { &mut line };
        place["distance_km"] = json!(case[4]);
        line
    };
    for case in table("area.csv") {
        for distance_in_params in [false, true] {
            lines.push(area(&case, distance_in_params));
            printed_db.push(format!("{:.1}", case[16]));
        }
    }
    assert_eq!(lines.len(), 15);
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let (answers, code) = batch(&text.iter().map(String::as_str).collect::<Vec<_>>(), &["--trace"]);
    assert_eq!(code, 0, "{answers:?}");
    for (answer, printed) in answers.iter().zip(&printed_db) {
        let decimals = printed.len() - printed.find('.').unwrap() - 1;
        assert_eq!(&format!("{:.decimals$}", answer["loss_db"].as_f64().unwrap()), printed, "{}", answer["id"]);
        assert!(answer["trace"].as_array().unwrap().iter().any(|s| s["symbol"] == "A_ref"));
    }

    let refused = |change: fn(&mut Value)| {
        let mut line = lines[1].clone();
        change(&mut line);
        batch(&[&line.to_string()], &[]).0[0]["error"].as_str().unwrap().to_owned()
    };
    let uneven = refused(|l| l["profile"]["distance_km"][5] = json!(0.42));
    assert!(uneven.starts_with("profile.distance_km[5] = 0.42: itm needs equally spaced points"), "{uneven}");
    let both = refused(|l| {
        l["params"]["confidence_percent"] = json!(50);
        l["params"]["reliability_percent"] = json!(50);
    });
    assert!(both.starts_with("parameter time_percent: and confidence_percent"), "{both}");
    let distance_only = refused(|l| {
        l.as_object_mut().unwrap().remove("profile");
        l["distance_km"] = json!(5);
    });
    assert_eq!(distance_only, "itm needs a profile; a distance alone is not enough");
    let twice = refused(|l| (l["distance_km"], l["params"]["distance_km"]) = (json!(5), json!(5)));
    assert_eq!(twice, "distance_km is given twice, in the line and in params");
}
