//! Invented names in the manner of the region (Tày–Nùng place words), in Unicode NFC.

use super::noise::Rng;

/// Names of the 3 wards and 53 communes. None is the name of one of the province's real communes.
pub(crate) const COMMUNES: [&str; 56] = [
    "Thạch Giang",
    "Quang Thịnh",
    "Đức Tân",
    "Nà Khuông",
    "Khuổi Sáng",
    "Cốc Lùng",
    "Lũng Phiắc",
    "Pác Nặm Sơn",
    "Bản Tảng",
    "Thượng Lâm",
    "Khau Slung",
    "Nặm Đăm",
    "Quang Lạc",
    "Nà Mười",
    "Lũng Chảo",
    "Phiêng Luông",
    "Khuổi Đeng",
    "Thạch Khê",
    "Bản Ngàm",
    "Cốc Phia",
    "Nà Pết",
    "Đức Lâm",
    "Khau Mòn",
    "Lũng Giàng",
    "Pác Luồng",
    "Vĩnh Thạch",
    "Nà Cáp",
    "Phja Lỏong",
    "Bản Chiêu",
    "Hồng Thạch",
    "Khuổi Lẩy",
    "Cốc Xả",
    "Nặm Tốc",
    "Quang Bình Thượng",
    "Lũng Hoài",
    "Nà Sloỏng",
    "Đức Quang",
    "Pác Thay",
    "Thạch Hòa",
    "Bản Lạn",
    "Khau Cưởm",
    "Phúc Lâm",
    "Nà Chướng",
    "Lũng Mần",
    "Cốc Chia",
    "Khuổi Mjầu",
    "Quang Sơn",
    "Bản Vài",
    "Thạch Bình",
    "Pác Khuy",
    "Nà Rẳng",
    "Lũng Đính",
    "Đức Thạch",
    "Phiêng Pha",
    "Cốc Nhan",
    "Bản Khoòng",
];

const HEADS: [&str; 22] = [
    "Nà", "Bản", "Khuổi", "Lũng", "Pác", "Cốc", "Phiêng", "Khau", "Nặm", "Kéo", "Phja", "Thôm", "Đông", "Rằng", "Lũng",
    "Nà", "Khuổi", "Bó", "Tổng", "Pò", "Chộc", "Vạc",
];

const TAILS: [&str; 72] = [
    "Lủng", "Ngọa", "Rằng", "Giàng", "Sliếc", "Mạ", "Vài", "Quang", "Lum", "Khoang", "Đeng", "Tấu", "Phung", "Lẹng",
    "Chang", "Ngườm", "Hoáng", "Luông", "Tậu", "Cáp", "Sâu", "Mần", "Thốc", "Phạ", "Nựa", "Tẩu", "Moong", "Dìa", "Xả",
    "Bon", "Chia", "Pheo", "Nhùng", "Kít", "Lầu", "Slao", "Đuốc", "Tàn", "Viềng", "Nạc", "Riềng", "Cuổi", "Lạn",
    "Mười", "Pất", "Hán", "Nghiều", "Thin", "Sang", "Phéc", "Đán", "Khít", "Tủng", "Vặt", "Hía", "Cài", "Chấu", "Lò",
    "Mỏ", "Ngàn", "Poóng", "Rài", "Slấn", "Tềnh", "Ún", "Váng", "Xám", "Ỏ", "Đâư", "Cắm", "Nưa", "Khau",
];

/// A village's name; `taken` tells whether the commune has it already.
pub(crate) fn village(rng: &mut Rng, ward: bool, number: usize, taken: impl Fn(&str) -> bool) -> String {
    if ward && number <= 22 {
        return format!("Tổ dân phố {number}");
    }
    for _ in 0..500 {
        let kind = match rng.below(10) {
            0..6 => "Xóm ",
            6..8 => "Bản ",
            _ => "Thôn ",
        };
        let (head, tail) = (HEADS[rng.below(HEADS.len())], TAILS[rng.below(TAILS.len())]);
        if head == tail {
            continue;
        }
        let stem = match rng.below(14) {
            0 => format!("{tail} {}", ["Trên", "Dưới", "Trong", "Ngoài"][rng.below(4)]),
            1 => format!("{head} {tail} {}", 1 + rng.below(3)),
            _ => format!("{head} {tail}"),
        };
        let name = if kind == "Bản " && stem.starts_with("Bản ") { stem } else { format!("{kind}{stem}") };
        if !taken(&name) {
            return name;
        }
    }
    format!("Xóm {}", number + 100)
}
