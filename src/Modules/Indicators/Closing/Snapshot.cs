using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Mach.Indicators.Asking;

namespace Mach.Indicators.Closing;

/// <summary>One value of a snapshot, as the parts that it is made of.</summary>
/// <param name="By">total, facility or former-province.</param>
/// <param name="Key">Code of the facility, name of the province; empty for the total, and for what belongs to no known one.</param>
public sealed record LockedLine(string By, string Key, Parts Parts);

/// <summary>One indicator of a snapshot.</summary>
/// <param name="Version">Of the definition that was in force.</param>
public sealed record LockedIndicator(string Code, int Version, IReadOnlyList<LockedLine> Lines)
{
    public Parts Total => Lines.FirstOrDefault(l => l.By == Snapshot.Total)?.Parts ?? default;

    public Parts? OfFacility(string facility) => Lines.FirstOrDefault(l => l.By == Snapshot.Facility && l.Key == facility)?.Parts;
}

/// <summary>
/// What is signed of a month: every number as its parts with the version of its definition, the map, who had not signed, and how far the log of the record was counted: the newest
/// version of each record up to there is the list of what was counted. It is written once and read back byte for byte.
/// </summary>
/// <param name="Month">yyyyMM.</param>
/// <param name="Place">A facility, or * = the department.</param>
/// <param name="Seq">Number of the last version of the record that was counted.</param>
/// <param name="Map">The map of residence: the day it is of.</param>
/// <param name="Previous">Hash of the snapshot before it of the same month and place; empty when it is the first.</param>
/// <param name="NotSigned">Facilities with numbers in this month that had not signed.</param>
public sealed record Snapshot(int Month, string Place, long Seq, DateTimeOffset At, string Who, DateOnly Map, string Previous, IReadOnlyList<string> NotSigned, IReadOnlyList<LockedIndicator> Indicators)
{
    public const string Total = "total", Facility = "facility", FormerProvince = "former-province";

    /// <summary>UTF-8 JSON with keys and lines in one order, so that the same numbers are the same bytes.</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("month", Month);
            json.WriteString("place", Place);
            json.WriteNumber("seq", Seq);
            json.WriteString("at", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("who", Who);
            json.WriteString("map", Map.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("previous", Previous);
            json.WriteStartArray("unsigned");
            foreach (var facility in NotSigned.Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(facility);
            }

            json.WriteEndArray();
            json.WriteStartArray("indicators");
            foreach (var indicator in Indicators.OrderBy(i => i.Code, StringComparer.Ordinal))
            {
                Write(json, indicator);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="JsonException">Not what <see cref="Write()"/> made.</exception>
    public static Snapshot Read(ReadOnlyMemory<byte> written)
    {
        using var document = JsonDocument.Parse(written);
        var root = document.RootElement;
        static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
        static decimal? Amount(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;
        return new Snapshot(
            root.GetProperty("month").GetInt32(),
            Text(root, "place"),
            root.GetProperty("seq").GetInt64(),
            DateTimeOffset.Parse(Text(root, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Text(root, "who"),
            DateOnly.ParseExact(Text(root, "map"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Text(root, "previous"),
            [.. root.GetProperty("unsigned").EnumerateArray().Select(e => e.GetString()!)],
            [.. root.GetProperty("indicators").EnumerateArray().Select(i => new LockedIndicator(
                Text(i, "code"),
                i.GetProperty("version").GetInt32(),
                [.. i.GetProperty("lines").EnumerateArray().Select(l => new LockedLine(
                    Text(l, "by"), Text(l, "key"), new Parts(l.GetProperty("rows").GetInt64(), Amount(l, "above") ?? 0, Amount(l, "below"), Amount(l, "estimated") ?? 0)))]))]);
    }

    public static string Hash(ReadOnlySpan<byte> written) => Convert.ToHexStringLower(SHA256.HashData(written));

    internal static byte[] Pack(byte[] written)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            gzip.Write(written);
        }

        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not what <see cref="Pack"/> made.</exception>
    internal static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        gzip.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, LockedIndicator indicator)
    {
        json.WriteStartObject();
        json.WriteString("code", indicator.Code);
        json.WriteNumber("version", indicator.Version);
        json.WriteStartArray("lines");
        foreach (var line in indicator.Lines.OrderBy(l => l.By, StringComparer.Ordinal).ThenBy(l => l.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("by", line.By);
            json.WriteString("key", line.Key);
            json.WriteNumber("rows", line.Parts.Rows);
            json.WriteNumber("above", line.Parts.Above);
            if (line.Parts.Below is { } below)
            {
                json.WriteNumber("below", below);
            }
            else
            {
                json.WriteNull("below");
            }

            json.WriteNumber("estimated", line.Parts.Estimated);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
