//! The warnings that studies commonly have, in Vietnamese.
//!
//! Stages speak English; a report in Vietnamese looks its warnings up here by their words. One that is not here stays English, and says so.

/// English and Vietnamese. `{}` stands for what differs: the same in both, in the same order.
#[rustfmt::skip]
static WARNINGS: &[[&str; 2]] = &[
    // Sites and cells.
    ["is not stated, nor in inputs.antennas, for {} cell(s); a gain of 15 dBi below 1 GHz and 18 dBi above was taken (Report ITU-R M.2292)", "không được ghi và cũng không có trong inputs.antennas đối với {} cell; lấy độ lợi 15 dBi dưới 1 GHz, 18 dBi từ 1 GHz trở lên (Báo cáo ITU-R M.2292)"],
    ["is not stated for {} cell(s); 3 dB was taken (Report ITU-R M.2292), 0 of NR arrays", "không được ghi cho {} cell; lấy 3 dB (Báo cáo ITU-R M.2292), riêng mảng ăng-ten NR lấy 0 dB"],
    ["is not stated for {} cell(s); the default of its technology and frequency was taken", "không được ghi cho {} cell; lấy giá trị mặc định theo công nghệ và tần số"],
    ["is not stated for {} cell(s); cells of an operator at the same place make a site", "không được ghi cho {} cell; các cell của cùng nhà mạng ở cùng vị trí được gộp thành một trạm"],
    ["is not stated for {} cell(s) whose antenna has a direction; they are taken to radiate alike in all directions", "không được ghi cho {} cell có ăng-ten định hướng; coi như phát đều mọi hướng"],
    ["is not stated for {} cell(s); {} m was taken", "không được ghi cho {} cell; lấy {} m"],
    ["is stated besides eirp_dbm for {} cell(s); eirp_dbm was taken", "được ghi cùng với eirp_dbm cho {} cell; lấy eirp_dbm"],
    ["is named for {} cell(s), and the study names no inputs.antennas; the pattern is not known", "được nêu tên cho {} cell nhưng nghiên cứu không khai báo inputs.antennas; không rõ giản đồ phát xạ"],
    ["is not known for {} cell(s) with an azimuth; the built-in pattern sector-65 was taken (3GPP TR 38.901)", "không rõ đối với {} cell có ghi hướng phát; lấy giản đồ có sẵn sector-65 (3GPP TR 38.901)"],
    ["is not known for {} cell(s) with an azimuth and a tilt; the built-in pattern sector-70 was taken (3GPP TR 36.814)", "không rõ đối với {} cell có ghi hướng phát và góc nghiêng; lấy giản đồ có sẵn sector-70 (3GPP TR 36.814)"],
    ["is not known for {} cell(s) with eirp_dbm and power_dbm; its gain was taken as their difference and the feeder's loss", "không rõ đối với {} cell có ghi eirp_dbm và power_dbm; độ lợi được suy từ hiệu của hai giá trị này và suy hao phi-đơ"],
    ["of {} cell(s) has a pattern for another frequency, more than 10 % away; it is used as it is", "của {} cell có giản đồ ứng với tần số khác, lệch quá 10 %; vẫn dùng giản đồ đó"],
    ["of {} cell(s) is more than 1 dB from the gain in the antenna's file; antenna_gain_dbi was taken", "của {} cell lệch quá 1 dB so với độ lợi trong tệp ăng-ten; lấy antenna_gain_dbi"],
    ["is no channel of its technology for {} cell(s); the next narrower one was taken: carriers that are used together stand in rows of their own", "không phải băng thông kênh của công nghệ tương ứng ở {} cell; lấy kênh hẹp hơn kế tiếp: các sóng mang được ghép với nhau cần ghi thành từng dòng riêng"],
    ["of {} cell(s) is up to {} m from the middle of their site's cells, from which all of them radiate here", "của {} cell lệch tới {} m so với vị trí giữa của trạm; ở đây mọi cell của trạm được coi là phát từ vị trí giữa đó"],
    ["of {} cell(s) could have the day or the month first; the day was taken to stand first (dd/mm/yyyy)", "của {} cell có thể ghi ngày trước hoặc tháng trước; hiểu là ngày/tháng/năm"],
    ["says that {} cell(s) are not in service; they were left out", "cho biết {} cell không hoạt động; đã bỏ qua"],
    ["{} cell(s) are switched off by {} and were left out", "{} cell đã tắt sóng trước hoặc trong ngày {} và bị bỏ qua"],
    ["{} cell(s) radiate exactly as another of their site; those count once (sectors need an azimuth)", "{} cell phát giống hệt một cell khác của cùng trạm và chỉ được tính một lần (các sector cần có azimuth_deg)"],
    ["{} site(s) stand outside inputs.country; their signal is not credited", "{} trạm nằm ngoài inputs.country; sóng của các trạm này không được tính"],
    ["is an OpenCelliD table: the {} cell(s) stand where phones heard them, not at their masts; frequency, bandwidth, EIRP and antenna height are the defaults of their technology", "là bảng OpenCelliD: vị trí của {} cell là nơi điện thoại thu được sóng, không phải vị trí cột; tần số, băng thông, EIRP và độ cao ăng-ten lấy giá trị mặc định theo công nghệ"],
    // Villages.
    ["is not stated for {} village(s), nor are households; the people of inputs.population inside its footprint were taken for each", "không được ghi cho {} thôn, xóm và cũng không có số hộ; lấy số người của inputs.population trong ranh giới thôn"],
    ["is not stated for {} village(s), nor are households; each counts as one person", "không được ghi cho {} thôn, xóm và cũng không có số hộ; mỗi nơi tính là một người"],
    ["{} at {} E, {} N has no terrain height; the terrain files do not reach it or have a void there", "{} tại {} Đ, {} B không có độ cao địa hình; tệp địa hình không phủ tới hoặc thiếu dữ liệu tại đó"],
    ["{} village(s) lie in no commune of the layer ({})", "{} thôn, xóm không nằm trong xã nào của lớp ranh giới ({})"],
    ["{} village(s) without a commune got the one that they lie in ({})", "{} thôn, xóm không ghi xã được gán xã theo vị trí ({})"],
    ["{} village(s) lie in another commune than stated; where they lie was taken ({})", "{} thôn, xóm nằm ở xã khác với xã được ghi; lấy xã theo vị trí ({})"],
    ["{} match(es) are worth a look; notspot match lists all ({})", "{} kết quả đối chiếu tên nên được xem lại; notspot match liệt kê tất cả ({})"],
    ["{} row(s) repeat an earlier one and were left out ({})", "{} dòng lặp lại dòng trước và bị bỏ qua ({})"],
    ["{} answer(s) contradict the villages' table; the survey's were taken ({})", "{} kết quả khảo sát khác với bảng thôn, xóm; lấy theo khảo sát ({})"],
    ["has neither reported_signal nor reported_broadband: its {} row(s) are taken as villages without signal", "không có cột reported_signal và reported_broadband: {} dòng được hiểu là thôn, xóm chưa có sóng"],
    ["{} lies {} m outside inputs.country and is left out", "{} nằm ngoài inputs.country {} m và bị bỏ qua"],
    ["{} lies {} m outside inputs.country and is kept: the border may be drawn coarsely", "{} nằm ngoài inputs.country {} m nhưng vẫn được giữ: ranh giới có thể được vẽ thô"],
    ["states nothing for {}: the {} cell(s) give no signal", "không ghi ngưỡng cho {}: {} cell không được tính là có sóng"],
    ["states nothing for {}: the {} cell(s) give no broadband", "không ghi ngưỡng cho {}: {} cell không được tính là có băng rộng"],
    ["has no effect: without inputs.country nothing lies abroad", "không có tác dụng: không khai báo inputs.country thì không có gì nằm ngoài lãnh thổ"],
    ["differs in capitals or spaces alone from another; it counts as an operator of its own", "chỉ khác một nhà mạng khác ở chữ hoa hoặc dấu cách; được tính là nhà mạng riêng"],
    ["has the name of row {}; both count as one commune", "trùng tên với dòng {}; cả hai được tính là một xã"],
    ["{} and {} overlap by {} % of the smaller; places in both count for one of them alone", "{} và {} chồng lấn {} % diện tích xã nhỏ hơn; nơi chồng lấn chỉ được tính cho một xã"],
    ["corrects nothing: its measurements bore no correction out; losses stay as they are predicted", "không hiệu chỉnh gì: số đo không đủ căn cứ; suy hao giữ nguyên như dự báo"],
    // Terrain, land cover, people.
    ["does not reach the study area", "không phủ tới vùng nghiên cứu"],
    ["{} pixel(s) of the terrain have {} class code(s) without a height and count as unknown: {}", "{} điểm ảnh của địa hình có {} mã lớp phủ chưa khai báo chiều cao, được coi là chưa rõ: {}"],
    ["{} of {} pixel(s) of the terrain have no class", "{} trên {} điểm ảnh của địa hình không có lớp phủ"],
    ["{} pixel(s) have heights outside {} to {} m and count as missing", "{} điểm ảnh có độ cao ngoài khoảng {} đến {} m, được coi là thiếu dữ liệu"],
    ["{} pixel(s) are negative and were left out", "{} điểm ảnh có giá trị âm và bị bỏ qua"],
    ["has no value at {} pixel(s) of the study area; nobody is counted there", "không có giá trị tại {} điểm ảnh của vùng nghiên cứu; những nơi đó không tính người"],
    ["details are not published", "không công bố chi tiết"],
];

/// A warning in Vietnamese; `None` where it stands in English alone.
pub(super) fn vietnamese(message: &str) -> Option<String> {
    WARNINGS.iter().find_map(|[english, vietnamese]| {
        let mut values = values(english, message)?.into_iter();
        let mut parts = vietnamese.split("{}");
        let first = parts.next().unwrap_or_default().to_owned();
        Some(parts.fold(first, |text, part| text + &value(values.next().unwrap_or_default()) + part))
    })
}

/// A value in Vietnamese: numbers and names stay, of lists of examples the word for a row is told.
fn value(english: &str) -> String {
    match english.strip_prefix("row ") {
        Some(examples) => format!("dòng {}", examples.replace("; row ", "; dòng ")),
        None => english.to_owned(),
    }
}

/// What a message has in the places of a pattern; `None` where it does not follow it.
fn values<'a>(pattern: &str, message: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = message.strip_prefix(parts.next()?)?;
    let parts: Vec<&str> = parts.collect();
    let mut values = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let end = if index + 1 == parts.len() { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
        values.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn warnings_are_found_by_their_words() {
        let text = |message: &str| vietnamese(message).unwrap();
        assert_eq!(text("is not stated for 7 cell(s); 30 m was taken"), "không được ghi cho 7 cell; lấy 30 m");
        assert_eq!(
            text("2 village(s) lie in no commune of the layer (row 3: V(2); row 5: V4)"),
            "2 thôn, xóm không nằm trong xã nào của lớp ranh giới (dòng 3: V(2); dòng 5: V4)"
        );
        assert_eq!(vietnamese("does not reach the study area at all"), None);
        assert_eq!(vietnamese("is not stated for 7 cell(s); nothing was taken"), None);
    }

    #[test]
    fn every_warning_is_one_that_the_stages_give() {
        fn read(folder: &Path, texts: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    read(&entry, texts);
                } else {
                    *texts += &std::fs::read_to_string(entry).unwrap();
                }
            }
        }
        let mut sources = String::new();
        for folder in ["src/study", "src/terrain", "src/problem"] {
            read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut sources);
        }
        // a literal goes on in the next line after a backslash
        let parts = sources.split("\\\n").map(str::trim_start);
        let sources = parts.collect::<String>();
        for [english, vietnamese] in WARNINGS {
            assert_eq!(english.matches("{}").count(), vietnamese.matches("{}").count(), "{english}");
            let pieces = english.split("{}").flat_map(|part| part.split("; "));
            let longest = pieces.max_by_key(|piece| piece.len()).unwrap().trim_matches(['(', ' ']);
            assert!(sources.contains(longest), "no stage says {longest:?}");
        }
    }
}
