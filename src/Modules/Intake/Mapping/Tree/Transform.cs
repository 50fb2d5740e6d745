using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>One way of writing a received text as a FHIR primitive and of reading it back.</summary>
internal abstract class Transform
{
    /// <summary>What it does, for docs/mapping: Vietnamese.</summary>
    public abstract string Vi { get; }

    /// <summary>The same in English.</summary>
    public abstract string En { get; }

    /// <summary>Writes the value, or nothing when FHIR has no legal form for it.</summary>
    /// <returns>True when <see cref="Read"/> would give exactly <paramref name="value"/> again.</returns>
    public abstract bool Write(Pen pen, JsonEncodedText name, string value);

    /// <summary>The received text, or null when the element does not hold one.</summary>
    public abstract string? Read(JsonElement element);

    /// <summary>True when <see cref="Write"/> would write something.</summary>
    public virtual bool Accepts(string value) => !string.IsNullOrWhiteSpace(value);

    protected static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}

/// <summary>Free text, character for character.</summary>
internal sealed class TextForm : Transform
{
    public override string Vi => "nguyên văn";
    public override string En => "as sent";

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return false;
        }

        pen.String(name, value);
        return true;
    }

    public override string? Read(JsonElement element) => Text(element);
}

/// <summary>A FHIR code: no blanks round it, no line breaks or double blanks inside.</summary>
internal sealed class CodeForm : Transform
{
    public override string Vi => "mã (bỏ khoảng trắng hai đầu)";
    public override string En => "code (blanks round it dropped)";

    public override bool Accepts(string value) => IsCode(value.AsSpan().Trim());

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        var code = value.AsSpan().Trim();
        if (!IsCode(code))
        {
            return false;
        }

        pen.String(name, code);
        return code.Length == value.Length;
    }

    public override string? Read(JsonElement element) => Text(element);

    /// <summary>Source: hl7.org/fhir/R4/datatypes.html#code.</summary>
    public static bool IsCode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) && (text[i] != ' ' || (i > 0 && text[i - 1] == ' ')))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Sex: 1 male, 2 female, 3 unknown. Source: GIOI_TINH of QĐ 130/QĐ-BYT.</summary>
internal sealed class GenderForm : Transform
{
    public override string Vi => "1 → male, 2 → female, 3 → unknown";
    public override string En => Vi;

    /// <summary>The FHIR code, or null for any other text.</summary>
    public static string? Code(ReadOnlySpan<char> value) => value switch { "1" => "male", "2" => "female", "3" => "unknown", _ => null };

    public override bool Accepts(string value) => Code(value.AsSpan().Trim()) is not null;

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        if (Code(value.AsSpan().Trim()) is not { } code)
        {
            return false;
        }

        pen.String(name, code);
        return value.Length == 1;
    }

    public override string? Read(JsonElement element) => Text(element) switch { "male" => "1", "female" => "2", "unknown" => "3", _ => null };
}
