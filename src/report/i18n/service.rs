//! Texts on what villages receive and why they do not.

use super::Text;
use super::texts::t;

#[rustfmt::skip]
pub(super) static TEXTS: &[Text] = &[
    // What stands in the way.
    t("way_blocked", "Đường tới trạm {site} (cách {km}) bị che bởi đỉnh cao {top} m cách thôn {d}, cao hơn tia {m} m.", "The way to site {site} ({km}) is blocked by a ridge {top} m high, {d} from the village, {m} m above the direct line."),
    t("way_blocked_near", "Đường tới trạm {site} (cách {km}) bị che ngay gần thôn: điểm cao {top} m cách {d}, cao hơn tia {m} m.", "The way to site {site} ({km}) is blocked close to the village: {top} m high, {d} away, {m} m above the direct line."),
    t("way_grazed", "Đường tới trạm {site} (cách {km}) không thông thoáng: điểm cao {top} m cách thôn {d} chỉ thấp hơn tia {m} m.", "The way to site {site} ({km}) is not clear: a point {top} m high, {d} from the village, is only {m} m below the direct line."),
    t("way_clear", "Đường tới trạm {site} (cách {km}) thông thoáng.", "The way to site {site} ({km}) is clear."),
    t("way_no_site", "Không có trạm nào trong bán kính tính toán.", "There is no site within the computed radius."),

    // Where survey and prediction contradict one another.
    t("disagreements", "{n} thôn, xóm có kết quả trái ngược", "{n} {n?village|villages} where they differ"),
    t("probability_column", "Xác suất", "Probability"),
    t("margin", "Dự trữ", "Margin"),
    t("level", "Mức sóng", "Level"),
    t("best_site", "Trạm mạnh nhất", "Best site"),

    // Sensitivity.
    t("sensitivity", "Nếu ngưỡng thay đổi", "If the threshold moves"),
    t("sensitivity_note", "Số thôn, xóm thiếu dịch vụ theo ngưỡng mức thu (trục ngang, càng về bên phải càng khắt khe) và theo xác suất yêu cầu (các đường màu xanh; đường đậm là xác suất của nghiên cứu). Mọi yêu cầu cùng thay đổi như nhau: mức thu, đường lên và nhiễu. Đường đứng: ngưỡng của nghiên cứu. Bảng đầy đủ: sensitivity.csv.", "Villages without the service by threshold (stricter to the right) and required probability (blue curves; the thick one is the study's). All that the service needs moves alike: level, uplink and interference. Dotted line: the study's threshold. Every figure is in sensitivity.csv."),
    t("sensitivity_sentence", "Theo dự báo với xác suất {p}: {n0} thôn, xóm {lacking} ở ngưỡng {technology}{t0} của nghiên cứu, {n1} ở {t1}, {n2} ở {t2}.", "By prediction at {p}: {n0} {n0?village is|villages are} {lacking} at the study's threshold of {technology}{t0}, {n1} at {t1}, {n2} at {t2}."),
    t("sensitivity_sentence_survey", "Lấy theo khảo sát ở những nơi đã khảo sát: {n0}, {n1} và {n2}.", "By the survey where there is one: {n0}, {n1} and {n2}."),
    t("sensitivity_survey", "theo khảo sát nơi có", "survey first"),
    t("sensitivity_axis", "Ngưỡng {level} của {technology}, dBm", "Threshold of {technology} {level}, dBm"),
    t("sensitivity_axis_shift", "Yêu cầu thay đổi, dB", "Shift of what is needed, dB"),
];
