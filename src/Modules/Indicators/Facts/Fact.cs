using System.Globalization;
using System.Text.Json;

namespace Mach.Indicators.Facts;

/// <summary>What a Patient gives to the facts.</summary>
/// <param name="Person">Lowest id among the Patients of the person.</param>
/// <param name="Born">yyyy, yyyy-MM or yyyy-MM-dd; empty when unknown.</param>
/// <param name="Commune">Five digits; empty when unknown.</param>
/// <param name="IsTest">Nobody real (<c>meta.tag</c> HTEST): is counted nowhere.</param>
internal sealed record Traits(string Patient, string Person, string Sex, string Born, string Commune, bool IsTest = false)
{
    public static Traits Unknown(string patient) => new(patient, patient, "unknown", "", "");

    /// <summary>Whole years on a day; of a birth date of a year alone, the difference of the years. Null when unknown, or in the future.</summary>
    public decimal? AgeOn(DateOnly day)
    {
        if (Born.Length < 4 || !int.TryParse(Born.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year))
        {
            return null;
        }

        var age = day.Year - year;
        if (Born.Length == 10 && DateOnly.TryParseExact(Born, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) && (day.Month, day.Day).CompareTo((born.Month, born.Day)) < 0)
        {
            age--;
        }

        return age < 0 ? null : age;
    }
}

/// <summary>One row of a view.</summary>
/// <param name="Patient">Id; empty when it belongs to nobody.</param>
/// <param name="Facility">Five characters; empty when unknown.</param>
/// <param name="Columns">The view's, in its order: text, decimal or null; one more behind them says that the person is nobody real.</param>
public sealed record Fact(FactView View, string Id, long Seq, string Patient, string Person, DateOnly Day, string Facility, string Commune, object?[] Columns)
{
    /// <summary>Is counted nowhere.</summary>
    public bool IsTest => Columns.Length > View.Columns.Count && Columns[^1] is not null;

    public string? Text(int column) => Columns[column] as string;

    public decimal? Number(int column) => Columns[column] as decimal?;

    /// <summary>The same event of a person whose traits have changed.</summary>
    internal Fact Of(Traits traits)
    {
        var columns = (object?[])Columns.Clone();
        Fill(View, columns, Day, Facility, traits);
        return this with { Person = traits.Person, Commune = traits.Commune, Columns = columns };
    }

    /// <summary>Sets the columns that all views have.</summary>
    internal static void Fill(FactView view, object?[] columns, DateOnly day, string facility, Traits traits)
    {
        columns[view.Index["sex"]] = traits.Sex;
        columns[view.Index["age"]] = traits.AgeOn(day);
        columns[view.Index["facility"]] = facility.Length == 0 ? null : facility;
        columns[view.Index["commune"]] = traits.Commune.Length == 0 ? null : traits.Commune;
        columns[view.Index["month"]] = (decimal)day.Month;
        columns[view.Index["weekday"]] = (decimal)((((int)day.DayOfWeek + 6) % 7) + 1);
        if (columns.Length > view.Columns.Count)
        {
            columns[^1] = traits.IsTest ? "test" : null;
        }
    }

    /// <summary>The columns as they are kept.</summary>
    internal byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in Columns)
            {
                switch (value)
                {
                    case string text: writer.WriteStringValue(text); break;
                    case decimal number: writer.WriteNumberValue(number); break;
                    default: writer.WriteNullValue(); break;
                }
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    /// <exception cref="JsonException">Not what <see cref="Encode"/> made.</exception>
    internal static object?[] Decode(FactView view, ReadOnlySpan<byte> kept)
    {
        var columns = new object?[view.Width];
        var reader = new Utf8JsonReader(kept);
        reader.Read();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray && i < columns.Length; i++)
        {
            columns[i] = reader.TokenType switch { JsonTokenType.String => reader.GetString(), JsonTokenType.Number => reader.GetDecimal(), _ => null };
        }

        return columns;
    }
}
