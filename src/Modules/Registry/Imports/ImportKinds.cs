using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Catalogues;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Mach.Registry.Networks;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Imports;

/// <summary>All kinds of files that are taken in.</summary>
/// <remarks>Official headings: catalogues 02–06 of TT 12/2026/TT-BTC as sent to the insurance portal, and the facility list of QĐ 384/2019.</remarks>
internal static class ImportKinds
{
    private const int MostBeds = 10_000;

    public static readonly IReadOnlyList<ImportKind> All =
    [
        new("facilities",
            [
                new("code", true, "ma_cskcb", "ma_co_so", "ma_cs"), new("name", true, "ten_cskcb", "ten_co_so", "ten"), new("tier", false, "cap_chuyen_mon", "cap"), new("commune", false, "ma_xa", "ma_phuong_xa"),
                new("beds_planned", false, "giuong_ke_hoach", "giuong_kh"), new("beds_real", false, "giuong_thuc_ke", "giuong_tk"), new("opened", false, "ngay_hoat_dong"), new("closed", false, "ngay_ngung_hoat_dong"),
                new("predecessors", false, "don_vi_truoc"), new("services", false, "ma_dich_vu", "ky_thuat"), new("valid_from", false, "tu_ngay"),
            ],
            Open: false, Facility) { Key = "code", EndOthers = WholeLists.Facilities },
        new("practitioners",
            [
                new("personal_id", true, "so_cccd", "cccd", "so_dinh_danh"), new("name", true, "ho_ten", "ho_va_ten"), new("born", false, "ngay_sinh"), new("sex", false, "gioi_tinh"),
                new("licence", true, "macchn", "ma_cchn", "so_cchn", "so_gphn", "gphn"), new("title", false, "chucdanh_nn", "chuc_danh"), new("scope", false, "phamvi_cm", "pham_vi_chuyen_mon", "pham_vi"),
                new("issued", false, "ngaycap_cchn", "ngay_cap"), new("expiry", false, "ngay_het_han", "het_han"), new("issuer", false, "noicap_cchn", "noi_cap"), new("state", false, "trang_thai"), new("state_from", false, "trang_thai_tu"),
                new("facility", false, "ma_cskcb", "ma_co_so"), new("role", false, "vi_tri", "chuc_vu"), new("department", false, "ma_khoa"), new("hours", false, "thoigian_dk", "thoi_gian"),
                new("post_from", false, "tu_ngay"), new("post_to", false, "den_ngay"),
            ],
            Open: false, Person) { Key = "personal_id", EndOthers = WholeLists.Posts },
        new("satellite",
            [new("satellite", true, "ma_benh_vien_ve_tinh", "ve_tinh"), new("core", true, "ma_benh_vien_hat_nhan", "hat_nhan"), new("valid_from", false, "tu_ngay"), new("valid_to", false, "den_ngay")],
            Open: false, (draft, row) => Link(draft, row, Hierarchies.Satellite, "satellite", "core")) { Key = "satellite", EndOthers = (draft, kept, day) => WholeLists.Links(draft, FacilityAspects.Core, kept, day) },
        new("insurance",
            [new("code", true, "ma_cskcb", "ma_co_so", "ma_cs"), new("office", true, "ma_bhxh", "ma_co_quan_bhxh"), new("office_name", false, "ten_bhxh", "ten_co_quan_bhxh"), new("office_above", false, "ma_bhxh_cap_tren"), new("valid_from", false, "tu_ngay"), new("valid_to", false, "den_ngay")],
            Open: false, Insurance) { Key = "code", EndOthers = (draft, kept, day) => WholeLists.Links(draft, FacilityAspects.InsuranceOffice, kept, day) },
        new(Shapes.Kind, [], Open: false, (_, _) => { }),
        .. CatalogueNames.All.Select(CatalogueKind),
    ];

    public static ImportKind? Find(string? name) => All.FirstOrDefault(k => k.Name == name);

    private static ImportKind CatalogueKind(string catalogue) => new(
        catalogue,
        [
            new("code", true, "ma", "ma_benh", "ma_icd", "ma_thuoc", "ma_hoat_chat", "ma_dich_vu", "ma_tuong_duong", "ma_chi_so", "ma_doi_tuong"),
            new("name", true, "ten", "name_vi", "ten_benh", "ten_thuoc", "ten_hoat_chat", "ten_dich_vu", "ten_dvkt", "ten_dvkt_gia", "ten_chi_so"),
            new("valid_from", false, "tu_ngay", "tungay"), new("valid_to", false, "den_ngay", "denngay"), new("version", false, "quyet_dinh", "phien_ban"),
            new("strength", false, "ham_luong"), new("form", false, "dang_bao_che"), new("route", false, "duong_dung", "ma_duong_dung"), new("unit", false, "don_vi_tinh", "don_vi", "don_vi_do"),
            new("tier", false, "tier_old", "tuyen"), new("class", false, "phan_loai", "loai_pttt"), new("sex", false, "gioi_tinh"), new("not_main", false, "khong_benh_chinh"),
        ],
        Open: true,
        (draft, row) => CatalogueLine.State(draft, catalogue, row))
    {
        Key = "code",
        EndOthers = (draft, kept, day) => WholeLists.Entries(draft, catalogue, kept, day),
    };

    private static void Facility(RegistryDraft draft, ImportRow row)
    {
        var code = row["code"].ToUpperInvariant();
        if (!FacilityCode.IsValid(code))
        {
            row.Say("code", $"'{ImportRow.Short(code)}' không phải mã cơ sở 5 ký tự.", $"'{ImportRow.Short(code)}' is no facility code of 5 letters or digits.");
            return;
        }

        var tier = row.OneOf("tier", ("chuyen sau", "specialised"), ("co ban", "basic"), ("ban dau", "initial"));
        var (opened, closed) = (row.Date("opened"), row.Date("closed"));
        if (closed is not null && closed <= (opened ?? DateOnly.MinValue))
        {
            row.Say("closed", "Ngày ngừng phải sau ngày bắt đầu.", "It must close after it opened.");
            return;
        }

        var ledger = draft.Facilities;
        var from = row.Date("valid_from") ?? row.FileFrom;
        if (opened is not null || closed is not null || ledger.Now(code, FacilityAspects.Open).Count == 0)
        {
            ledger.StateOnly(new Statement(code, FacilityAspects.Open, "", opened ?? DateOnly.MinValue, closed ?? DateOnly.MaxValue));
        }

        void Put(string aspect, string? value)
        {
            if (value is { Length: > 0 })
            {
                ledger.State(ledger.Now(code, aspect).Count == 0 ? Statement.Since(code, aspect, value, opened ?? DateOnly.MinValue) : Statement.Since(code, aspect, value, from));
            }
        }

        Put(FacilityAspects.Name, row["name"]);
        ledger.State(Statement.Always(code, FacilityAspects.Status, "active"));
        Put(FacilityAspects.Tier, tier);
        Put(FacilityAspects.Commune, row["commune"]);
        Put(FacilityAspects.BedsPlanned, row.Whole("beds_planned", MostBeds)?.ToString(CultureInfo.InvariantCulture));
        Put(FacilityAspects.BedsReal, row.Whole("beds_real", MostBeds)?.ToString(CultureInfo.InvariantCulture));
        foreach (var service in row.Parts("services"))
        {
            Put(FacilityAspects.ServicePrefix + service, "approved");
        }

        foreach (var predecessor in row.Parts("predecessors"))
        {
            Put(FacilityAspects.PredecessorPrefix + predecessor, "merged");
        }
    }

    /// <summary>One link of a network; the days are those of the line, else since the file's.</summary>
    private static void Link(RegistryDraft draft, ImportRow row, string hierarchy, string facility, string parent)
    {
        var code = row[facility].ToUpperInvariant();
        var (from, to) = (row.Date("valid_from") ?? row.FileFrom, row.Date("valid_to")?.AddDays(1) ?? DateOnly.MaxValue);
        var problems = Network.Check(draft, hierarchy, code, row[parent], from, to);
        foreach (var problem in problems)
        {
            row.Say(problem.Where switch { "facility" => facility, "last" => "valid_to", _ => parent }, problem.Vi, problem.En);
        }

        if (draft.Facilities.Opened.Any(f => f.Subject == code && f.Aspect == Network.AspectOf(hierarchy) && f.OpenedBy == draft.Number && f.Overlaps(from, to) && f.Value != Network.ParentValue(hierarchy, row[parent])
            && !draft.State.Facilities.Of(code).Any(k => k.IsOpen && k.Aspect == f.Aspect && k.Value == f.Value && k.Overlaps(f.From, f.To))))
        {
            row.Say(facility, $"Mã {ImportRow.Short(code)} có hai dòng khác nhau cho cùng thời gian.", $"The code {ImportRow.Short(code)} has two different lines for the same time.");
        }
        else if (problems.Count == 0)
        {
            Network.State(draft, hierarchy, code, row[parent], from, to);
        }
    }

    private static void Insurance(RegistryDraft draft, ImportRow row)
    {
        if (row["office_name"].Length > 0)
        {
            var from = row.Date("valid_from") ?? row.FileFrom;
            var problems = Network.CheckOffice(draft, row["office"], row["office_name"], row["office_above"], from);
            foreach (var problem in problems)
            {
                row.Say(problem.Where switch { "name" => "office_name", "above" => "office_above", _ => "office" }, problem.Vi, problem.En);
            }

            if (problems.Count > 0)
            {
                return;
            }

            Network.StateOffice(draft, row["office"], row["office_name"], row["office_above"], from);
        }

        Link(draft, row, Hierarchies.Insurance, "code", "office");
    }

    private static void Person(RegistryDraft draft, ImportRow row)
    {
        var id = row["personal_id"];
        if (id.Length != 12 || !id.All(char.IsAsciiDigit))
        {
            row.Say("personal_id", $"'{ImportRow.Short(id)}' không phải số định danh 12 chữ số.", $"'{ImportRow.Short(id)}' is no personal number of 12 digits.");
            return;
        }

        var ledger = draft.Practitioners;
        var licence = PractitionerAspects.LicencePrefix + row["licence"];
        if (ledger.Opened.Concat(draft.State.Practitioners.All.Where(f => f.IsOpen)).FirstOrDefault(f => f.Aspect == licence && f.Subject != id) is { } other)
        {
            row.Say("licence", $"Giấy phép {row["licence"]} đang là của người khác (…{other.Subject[^4..]}).", $"The licence {row["licence"]} is somebody else's (…{other.Subject[^4..]}).");
            return;
        }

        ledger.State(Statement.Always(id, PractitionerAspects.Name, row["name"]));
        if (row.Date("born") is { } born)
        {
            ledger.State(Statement.Always(id, PractitionerAspects.Born, born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }

        if (row.OneOf("sex", ("nam", "male"), ("1", "male"), ("nu", "female"), ("2", "female")) is { } sex)
        {
            ledger.State(Statement.Always(id, PractitionerAspects.Sex, sex));
        }

        Licence(ledger, row, id, licence);
        Post(ledger, row, id);
    }

    private static void Licence(LedgerDraft ledger, ImportRow row, string id, string licence)
    {
        var (issued, expiry) = (row.Date("issued"), row.Date("expiry"));
        if (expiry is not null && issued is not null && expiry < issued)
        {
            row.Say("expiry", "Ngày hết hạn trước ngày cấp.", "It expires before it was issued.");
            return;
        }

        var terms = new LicenceTerms(row["issuer"], row["title"], row.Parts("scope")).Write();
        ledger.StateOnly(new Statement(id, licence, terms, issued ?? DateOnly.MinValue, expiry is { } last ? last.AddDays(1) : DateOnly.MaxValue));
        var state = row.OneOf("state", ("hieu luc", "valid"), ("dinh chi", "suspended"), ("thu hoi", "revoked"));
        if (state is not null)
        {
            ledger.State(Statement.Since(id, PractitionerAspects.LicenceStatePrefix + row["licence"], state == "valid" ? null : state, row.Date("state_from") ?? row.FileFrom));
        }
    }

    private static void Post(LedgerDraft ledger, ImportRow row, string id)
    {
        var facility = row["facility"].ToUpperInvariant();
        if (facility.Length == 0)
        {
            return;
        }

        var (from, to) = (row.Date("post_from") ?? row.FileFrom, row.Date("post_to"));
        if (!FacilityCode.IsValid(facility))
        {
            row.Say("facility", $"'{ImportRow.Short(facility)}' không phải mã cơ sở 5 ký tự.", $"'{ImportRow.Short(facility)}' is no facility code of 5 letters or digits.");
        }
        else if (to is { } end && end < from)
        {
            row.Say("post_to", "Ngày kết thúc trước ngày bắt đầu.", "The post ends before it begins.");
        }
        else
        {
            ledger.State(new Statement(id, PractitionerAspects.PostPrefix + facility, new PostTerms(row["role"], row["department"], row["hours"]).Write(), from, to is { } last ? last.AddDays(1) : DateOnly.MaxValue));
        }
    }
}
