using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Kernel;

namespace Mach.Intake.Keeping;

/// <summary>Findings as they are kept beside a dossier: compact JSON, packed.</summary>
internal static class FindingList
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null when there are none.</summary>
    public static byte[]? Pack(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(512 * findings.Count);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartArray();
            json.WriteStringValue(finding.Rule);
            json.WriteNumberValue((int)finding.Severity);
            json.WriteNumberValue(finding.Dossier);
            json.WriteStringValue(finding.Table);
            json.WriteNumberValue(finding.Row);
            json.WriteStringValue(finding.Field);
            json.WriteStringValue(finding.Value);
            json.WriteStringValue(finding.Vi);
            json.WriteStringValue(finding.En);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.Flush();
        return KeptBytes.Pack(buffer.WrittenSpan);
    }

    public static IReadOnlyList<Finding> Unpack(byte[]? kept)
    {
        if (kept is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(KeptBytes.Unpack(kept));
        return [.. json.RootElement.EnumerateArray().Select(f => new Finding
        {
            Rule = f[0].GetString()!,
            Severity = (FindingSeverity)f[1].GetInt32(),
            Dossier = f[2].GetInt32(),
            Table = f[3].GetString(),
            Row = f[4].GetInt32(),
            Field = f[5].GetString(),
            Value = f[6].GetString(),
            Vi = f[7].GetString()!,
            En = f[8].GetString()!,
        })];
    }

    /// <summary>Errors and warnings among the findings.</summary>
    public static (int Errors, int Warnings) Count(IReadOnlyList<Finding> findings)
    {
        var (errors, warnings) = (0, 0);
        foreach (var finding in findings)
        {
            errors += finding.Severity >= FindingSeverity.Error ? 1 : 0;
            warnings += finding.Severity == FindingSeverity.Warning ? 1 : 0;
        }

        return (errors, warnings);
    }
}
