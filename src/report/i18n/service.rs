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
    t("way_no_site", "Không có trạm nào cung cấp dịch vụ trong bán kính tính toán.", "No site that gives the service lies within the computed radius."),

    // Where survey and prediction contradict one another.
    t("disagreements", "{n} thôn, xóm có kết quả trái ngược", "{n} {n?village|villages} where they differ"),
    t("probability_column", "Xác suất", "Probability"),
    t("margin", "Dự trữ", "Margin"),
    t("level", "Mức sóng", "Level"),
    t("best_site", "Trạm mạnh nhất", "Best site"),

    // Dead zones.
    t("households", "Hộ", "Households"),
    t("no_electricity", "Chưa có điện", "No electricity"),
    t("not_spot_land", "Vùng chưa phủ", "Land without it"),
    t("reason", "Nguyên nhân", "Reason"),
    t("remedy", "Hướng xử lý", "What would help"),
    t("gaps_rules", "Nguyên nhân là của phần lớn số người trong vùng; hướng xử lý là gợi ý theo quy tắc cố định (xem docs/service.md), không thay cho khảo sát thiết kế. Số hộ không ghi trong bảng được tính bằng một phần tư số người.", "The reason is that of most people of the zone; the hint follows fixed rules (docs/service.md) and does not replace a site survey. Households that the table does not state are a quarter of the people."),
    t("reason_terrain", "Địa hình che khuất", "Terrain blocks the way"),
    t("reason_distance", "Trạm quá xa hoặc quá yếu", "Sites too far or too weak"),
    t("reason_no_site", "Không có trạm cung cấp dịch vụ trong tầm", "No site with the service within reach"),
    t("reason_power", "Chưa có điện", "No electricity"),
    t("reason_capacity", "Thiếu dung lượng", "Too little capacity"),
    t("reason_unexplained", "Dự báo có, khảo sát nói không", "Predicted served, reported without"),
    t("reason_unknown", "Thiếu dữ liệu địa hình", "Terrain data is missing"),
    t("remedy_upgrade_site", "Trạm {site} chỉ thiếu {db} dB: nâng cột, tăng công suất hoặc thay ăng-ten.", "Site {site} lacks only {db} dB: raise the mast, add power or change the antenna."),
    t("remedy_upgrade", "Nâng cấp một trạm hiện có: nâng cột, tăng công suất hoặc thay ăng-ten.", "Strengthen an existing site: raise the mast, add power or change the antenna."),
    t("remedy_raise_site", "Trạm {site} chỉ thiếu {db} dB ở chiều từ máy lên trạm: nâng cột hoặc thay ăng-ten; tăng công suất trạm không giúp được.", "Site {site} lacks only {db} dB, from handset to site: raise the mast or change the antenna; more power does not help."),
    t("remedy_raise", "Nâng cột hoặc thay ăng-ten của một trạm hiện có: chiều từ máy lên trạm là điểm yếu, tăng công suất trạm không giúp được.", "Raise the mast or change the antenna of an existing site: the way from handset to site is the weak one, and more power does not help."),
    t("remedy_capacity_site", "Tăng dung lượng trạm {site}: thêm phổ tần, thêm sector hoặc nâng truyền dẫn.", "Add capacity at site {site}: spectrum, sectors or backhaul."),
    t("remedy_capacity", "Tăng dung lượng trạm đang phục vụ: thêm phổ tần, thêm sector hoặc nâng truyền dẫn.", "Add capacity at the serving site: spectrum, sectors or backhaul."),
    t("remedy_repeater", "Chỉ khoảng {households} hộ: xem xét trạm lặp, trạm nhỏ hoặc Wi-Fi cộng đồng.", "About {households} households only: look at a repeater, a small cell or community Wi-Fi."),
    t("remedy_high_ground", "Xây trạm mới trên điểm cao nhìn thấy các thôn.", "A new site on high ground that sees the villages."),
    t("remedy_new_site", "Xây trạm mới gần các thôn.", "A new site near the villages."),
    t("remedy_power", "Cấp điện trước (điện lưới hoặc điện mặt trời), rồi mới đến trạm.", "Electricity first (grid or solar), then a site."),
    t("remedy_measure_site", "Đo kiểm tại chỗ: theo dự báo, trạm {site} đã phủ tới; kiểm tra trạm có đang hoạt động không.", "Measure on the spot: site {site} is predicted to serve; check that it is on the air."),
    t("remedy_measure", "Đo kiểm tại chỗ: dự báo và khảo sát trái ngược nhau.", "Measure on the spot: prediction and survey contradict one another."),
    t("remedy_terrain_data", "Bổ sung dữ liệu địa hình rồi tính lại.", "Get the missing terrain and compute again."),
    t("remedy_power_too", "{n} trên {all} thôn chưa có điện: cần cấp điện trước.", "{n} of {all} villages {n?has|have} no electricity: power comes first."),
    t("footprint_share", "Phủ {signal} diện tích thôn (băng rộng {broadband}).", "Signal on {signal} of the village's land (broadband on {broadband})."),

    // Sensitivity.
    t("sensitivity", "Nếu ngưỡng thay đổi", "If the threshold moves"),
    t("sensitivity_note", "Số thôn, xóm thiếu dịch vụ theo ngưỡng mức thu (trục ngang, càng về bên phải càng khắt khe) và theo xác suất yêu cầu (các đường màu xanh; đường đậm là xác suất của nghiên cứu). Chỉ ngưỡng mức thu thay đổi; yêu cầu về đường lên và nhiễu giữ nguyên, nên hạ ngưỡng không giúp được nơi máy cầm tay quá yếu. Đường đứng: ngưỡng của nghiên cứu. Bảng đầy đủ: sensitivity.csv.", "Villages without the service by threshold (stricter to the right) and required probability (blue curves; the thick one is the study's). Only the threshold of the level moves; what uplink and interference ask for stays, so that a lower threshold does not help a handset that is too weak. Dotted line: the study's threshold. Every figure is in sensitivity.csv."),
    t("sensitivity_sentence", "Theo dự báo với xác suất {p}: {n0} thôn, xóm {lacking} ở ngưỡng {technology}{t0} của nghiên cứu, {n1} ở {t1}, {n2} ở {t2}.", "By prediction at {p}: {n0} {n0?village is|villages are} {lacking} at the study's threshold of {technology}{t0}, {n1} at {t1}, {n2} at {t2}."),
    t("sensitivity_sentence_survey", "Lấy theo khảo sát ở những nơi đã khảo sát: {n0}, {n1} và {n2}.", "By the survey where there is one: {n0}, {n1} and {n2}."),
    t("sensitivity_sentence_still", "Theo dự báo với xác suất {p}: {n0} thôn, xóm {lacking}. Nghiên cứu không đặt ngưỡng mức thu cho dịch vụ này, nên con số không đổi khi ngưỡng thay đổi.", "By prediction at {p}: {n0} {n0?village is|villages are} {lacking}. The study sets no threshold of level for this service, so that nothing changes with one."),
    t("sensitivity_sentence_still_survey", "Lấy theo khảo sát ở những nơi đã khảo sát: {n0}.", "By the survey where there is one: {n0}."),
    t("sensitivity_survey", "lấy theo khảo sát", "survey first"),
    t("sensitivity_axis", "Ngưỡng {level} của {technology}, dBm", "Threshold of {technology} {level}, dBm"),
    t("sensitivity_axis_shift", "Ngưỡng thay đổi, dB", "Shift of the threshold, dB"),
];
