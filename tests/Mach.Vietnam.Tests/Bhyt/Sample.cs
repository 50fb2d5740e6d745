using System.Text;
using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

/// <summary>Small synthetic envelopes, spoilt by the tests in one place each.</summary>
internal static class Sample
{
    internal const string Xml1 = "<TONG_HOP><MA_LK>LK1</MA_LK><STT>1</STT><HO_TEN>NGUYỄN THỊ THỬ</HO_TEN><NGAY_VAO>202503010800</NGAY_VAO><NGAY_RA>202503011000</NGAY_RA><MA_CSKCB>25001</MA_CSKCB></TONG_HOP>";
    internal const string Xml2 = "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC><MA_LK>LK1</MA_LK><STT>1</STT><TEN_THUOC>Paracetamol</TEN_THUOC></CHI_TIET_THUOC></DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>";

    internal static string B64(string inner) => Convert.ToBase64String(Encoding.UTF8.GetBytes(inner));

    internal static string File(string kind, string body) => $"<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{body}</NOIDUNGFILE></FILEHOSO>";

    internal static string Hoso(params string[] files) => "<HOSO>" + string.Concat(files) + "</HOSO>";

    internal static string Envelope(string content, int count = 1, string facility = "25001") =>
        $"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20250301</NGAYLAP><SOLUONGHOSO>{count}</SOLUONGHOSO><DANHSACHHOSO>{content}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>";

    internal static string EnvelopeOf(params string[] files) => Envelope(Hoso(files));

    internal static EnvelopeScan Scan(byte[] bytes, EnvelopeLimits? limits = null) =>
        EnvelopeReader.Scan(new MemoryStream(bytes), limits ?? new EnvelopeLimits(), CancellationToken.None);

    internal static List<Dossier> Read(byte[] bytes)
    {
        var scan = Scan(bytes);
        return [.. scan.Dossiers.Select((d, i) => EnvelopeReader.ReadDossier(bytes.AsMemory((int)d.Offset, d.Length), i + 1, scan.FacilityCode))];
    }

    internal static List<Dossier> Read(string envelope) => Read(Encoding.UTF8.GetBytes(envelope));

    internal static Dossier ReadOne(params string[] files) => Assert.Single(Read(EnvelopeOf(files)));

    internal static string Rule(Action action) => Assert.Throws<DossierException>(action).Finding.Rule;
}
