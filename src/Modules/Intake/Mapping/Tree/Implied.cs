using System.Globalization;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

internal enum ImpliedKind : byte { None, Episode, Facility, Ordinal, Constant, Summary }

/// <summary>A value that need not be written because it follows: from the dossier, the row's place, XML1, or because it is the usual one.</summary>
/// <param name="Text">The constant, or the field of XML1.</param>
internal readonly record struct Implied(ImpliedKind Kind, string? Text = null)
{
    private static readonly string[] s_ordinals = [.. Enumerable.Range(0, 1024).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public string? Value(string maLk, string facility, int ordinal, DossierRow summary) => Kind switch
    {
        ImpliedKind.Episode => maLk,
        ImpliedKind.Facility => facility,
        ImpliedKind.Ordinal => ordinal < s_ordinals.Length ? s_ordinals[ordinal] : ordinal.ToString(CultureInfo.InvariantCulture),
        ImpliedKind.Constant => Text,
        ImpliedKind.Summary => summary[Text!],
        _ => null,
    };

    /// <summary>What follows for a field of a table, by its name.</summary>
    public static Implied For(string table, string field) => field switch
    {
        "MA_LK" => new(ImpliedKind.Episode),
        "MA_CSKCB" => new(ImpliedKind.Facility),
        "STT" => new(ImpliedKind.Ordinal),
        "T_TRANTT" => default,
        _ when field.StartsWith("T_", StringComparison.Ordinal) => new(ImpliedKind.Constant, "0"),
        "TYLE_TT_BH" or "TYLE_TT_DV" => new(ImpliedKind.Constant, "100"),
        "PHAM_VI" or "MA_PTTT" or "NGUON_CTRA" => new(ImpliedKind.Constant, "1"),
        "MA_KHOA" when table is "XML2" or "XML3" => new(ImpliedKind.Summary, field),
        _ when table is "XML0" or "XML1" or "XML2" or "XML3" or "XML4" or "XML5" => default,
        "PP_DIEUTRI" => new(ImpliedKind.Summary, "PP_DIEU_TRI"),
        "MA_YTE" => new(ImpliedKind.Summary, "MA_BN"),
        "SO_LUU_TRU" => new(ImpliedKind.Summary, "MA_HSBA"),
        "MA_CSKCB_DI" or "MA_NOI_DI" => new(ImpliedKind.Summary, "MA_NOI_DI"),
        _ => new(ImpliedKind.Summary, field),
    };
}
