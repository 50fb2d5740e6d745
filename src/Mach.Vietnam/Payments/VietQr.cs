using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Mach.Vietnam.Payments;

/// <summary>
/// A bank transfer as VietQR carries it: fields of two digits of id, two of length and the value, closed by CRC-16/CCITT-FALSE.
/// Source: NAPAS QR format for IBFT on EMVCo merchant-presented codes.
/// </summary>
public sealed record VietQr
{
    private const string NapasId = "A000000727";
    private const string Dong = "704";

    /// <summary>Bank identification number, six digits.</summary>
    public required string Bank { get; init; }
    /// <summary>Account or card number, up to 19 characters.</summary>
    public required string Account { get; init; }
    /// <summary>True when <see cref="Account"/> is a card.</summary>
    public bool IsCard { get; init; }
    /// <summary>Whole đồng; null lets the payer state it (a static code).</summary>
    public long? Amount { get; init; }
    /// <summary>Bill number, the key of reconciliation.</summary>
    public string? Bill { get; init; }
    /// <summary>Purpose of the payment.</summary>
    public string? Purpose { get; init; }

    /// <summary>The text of the code.</summary>
    /// <exception cref="ArgumentException">A value is longer than 99 characters.</exception>
    public string Write()
    {
        var text = new StringBuilder();
        Add(text, "00", "01");
        Add(text, "01", Amount is null ? "11" : "12");
        Add(text, "38", Field("00", NapasId) + Field("01", Field("00", Bank) + Field("01", Account)) + Field("02", IsCard ? "QRIBFTTC" : "QRIBFTTA"));
        Add(text, "53", Dong);
        Add(text, "54", Amount?.ToString(CultureInfo.InvariantCulture));
        Add(text, "58", "VN");
        Add(text, "62", Field("01", Bill) + Field("08", Purpose));
        text.Append("6304");
        return text.Append(Checksum(text.ToString()).ToString("X4", CultureInfo.InvariantCulture)).ToString();
    }

    /// <summary>False when the checksum is wrong or it is no transfer to a Vietnamese bank.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VietQr? qr)
    {
        qr = null;
        if (text is null || text.Length < 8 || text[^8..^4] != "6304"
            || !int.TryParse(text.AsSpan(text.Length - 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) || sum != Checksum(text[..^4])
            || Fields(text[..^8]) is not { } fields
            || Fields(fields.GetValueOrDefault("38", "")) is not { } transfer || transfer.GetValueOrDefault("00") != NapasId
            || Fields(transfer.GetValueOrDefault("01", "")) is not { } account || !account.TryGetValue("00", out var bank) || !account.TryGetValue("01", out var number))
        {
            return false;
        }

        long? amount = null;
        if (fields.TryGetValue("54", out var stated))
        {
            if (!long.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var dong))
            {
                return false;
            }

            amount = dong;
        }

        var more = Fields(fields.GetValueOrDefault("62", "")) ?? [];
        qr = new VietQr
        {
            Bank = bank,
            Account = number,
            IsCard = transfer.GetValueOrDefault("02") == "QRIBFTTC",
            Amount = amount,
            Bill = more.GetValueOrDefault("01"),
            Purpose = more.GetValueOrDefault("08"),
        };
        return true;
    }

    /// <summary>CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) over the UTF-8 bytes.</summary>
    public static int Checksum(string text)
    {
        var crc = 0xFFFF;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= b << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xFFFF;
            }
        }

        return crc;
    }

    private static void Add(StringBuilder text, string id, string? value) => text.Append(Field(id, value));

    private static string Field(string id, string? value) =>
        string.IsNullOrEmpty(value) ? ""
        : value.Length <= 99 ? string.Create(CultureInfo.InvariantCulture, $"{id}{value.Length:D2}{value}")
        : throw new ArgumentException($"The value of field {id} is longer than 99 characters.", nameof(value));

    /// <summary>The fields of one level; null when a length does not fit. A repeated id keeps its first value.</summary>
    private static Dictionary<string, string>? Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < text.Length;)
        {
            if (i + 4 > text.Length || !int.TryParse(text.AsSpan(i + 2, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || i + 4 + length > text.Length)
            {
                return null;
            }

            fields.TryAdd(text.Substring(i, 2), text.Substring(i + 4, length));
            i += 4 + length;
        }

        return fields;
    }
}
