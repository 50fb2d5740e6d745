namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Elements of the envelope. Source: letter 1245/BHXH-CNTT of 03/05/2024.</summary>
internal static class EnvelopeNames
{
    public const string Root = "GIAMDINHHS";
    public const string CheckInRoot = "CHI_TIEU_TRANG_THAI_KCB";
    public const string Unit = "THONGTINDONVI";
    public const string Facility = "MACSKCB";
    public const string Content = "THONGTINHOSO";
    public const string Created = "NGAYLAP";
    public const string Count = "SOLUONGHOSO";
    public const string List = "DANHSACHHOSO";
    public const string Dossier = "HOSO";
    public const string File = "FILEHOSO";
    public const string Kind = "LOAIHOSO";
    public const string Body = "NOIDUNGFILE";
    public const string Signature = "CHUKYDONVI";
}
