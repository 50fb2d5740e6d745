using System.Text.Json;
using Mach.Vietnam;

namespace Mach.Intake.Mapping.Tree;

/// <summary>
/// The extension that carries what FHIR has no element for, exactly as sent: one sub-extension per field.
/// A row's main resource also says which tags were absent and which were empty, and keeps unknown tags.
/// </summary>
internal static class RowExtension
{
    /// <summary>Canonical of the extension.</summary>
    public const string Url = Systems.Own + "/StructureDefinition/bhyt";

    private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");
    private static readonly JsonEncodedText s_url = JsonEncodedText.Encode("url");
    private static readonly JsonEncodedText s_valueString = JsonEncodedText.Encode("valueString");
    private static readonly JsonEncodedText s_valueCode = JsonEncodedText.Encode("valueCode");
    private static readonly JsonEncodedText s_bhyt = JsonEncodedText.Encode(Url);
    private static readonly JsonEncodedText s_absent = JsonEncodedText.Encode("absent");
    private static readonly JsonEncodedText s_empty = JsonEncodedText.Encode("empty");
    private static readonly JsonEncodedText s_rest = JsonEncodedText.Encode("rest");
    private static readonly JsonEncodedText s_unknown = JsonEncodedText.Encode("unknown");

    public static void Write(Pen pen, Fragment fragment, bool isMain)
    {
        var outer = pen.BeginArray(s_extension);
        foreach (var node in fragment.Extensions)
        {
            node.Write(pen);
        }

        var item = pen.BeginObject(null);
        pen.Soft(s_url, s_bhyt);
        var inner = pen.BeginArray(s_extension);
        WriteFields(pen, fragment, isMain);
        if (isMain)
        {
            WriteTags(pen);
            WriteUnknown(pen);
        }

        pen.EndArray(inner);
        pen.EndObject(item);
        pen.EndArray(outer);
    }

    private static void WriteFields(Pen pen, Fragment fragment, bool isMain)
    {
        var map = pen.Plan.Map;
        var row = pen.Row;
        var here = isMain ? ~pen.Covered : fragment.Own;
        var exact = fragment.Native & ~pen.Inexact;
        for (var i = 0; i < map.Names.Length; i++)
        {
            var bit = UInt128.One << i;
            if ((here & bit) == 0 || (exact & bit) != 0 || row[i] is not { Length: > 0 } value)
            {
                continue;
            }

            if (map.Implied[i].Kind == ImpliedKind.None || value != pen.Scope.ImpliedValue(map.Implied[i], pen.Ordinal))
            {
                WriteText(pen, map.Names[i], value);
            }
        }
    }

    /// <summary>Which tags were absent, which were empty: the shorter list is written, the rest is the other.</summary>
    private static void WriteTags(Pen pen)
    {
        var map = pen.Plan.Map;
        var row = pen.Row;
        UInt128 absent = default, empty = default, saidAbsent = default, saidEmpty = default;
        for (var i = 0; i < map.Names.Length; i++)
        {
            if (row[i] is not { Length: 0 } and not null)
            {
                continue;
            }

            var bit = UInt128.One << i;
            if (map.Implied[i].Kind == ImpliedKind.None)
            {
                absent |= row[i] is null ? bit : default;
                empty |= row[i] is null ? default : bit;
            }
            else if (row[i] != pen.Scope.ImpliedValue(map.Implied[i], pen.Ordinal))
            {
                saidAbsent |= row[i] is null ? bit : default;
                saidEmpty |= row[i] is null ? default : bit;
            }
        }

        if (UInt128.PopCount(absent) <= UInt128.PopCount(empty))
        {
            saidAbsent |= absent;
        }
        else
        {
            saidEmpty |= empty;
            WriteValue(pen, s_rest, s_valueCode, s_absent);
        }

        WriteNames(pen, s_absent, map, saidAbsent);
        WriteNames(pen, s_empty, map, saidEmpty);
    }

    private static void WriteNames(Pen pen, JsonEncodedText url, TableMap map, UInt128 fields)
    {
        if (fields != 0)
        {
            WriteText(pen, url, map.NamesOf(fields));
        }
    }

    private static void WriteUnknown(Pen pen)
    {
        if (pen.Row.Unknown is not { Count: > 0 } unknown)
        {
            return;
        }

        var item = pen.BeginObject(null);
        pen.Soft(s_url, s_unknown);
        var array = pen.BeginArray(s_extension);
        foreach (var (name, value) in unknown)
        {
            var one = pen.BeginObject(null);
            pen.String(s_url, name);
            if (value.Length == 0)
            {
                pen.String(s_valueCode, s_empty);
            }
            else
            {
                pen.String(s_valueString, value);
            }

            pen.EndObject(one);
        }

        pen.EndArray(array);
        pen.EndObject(item);
    }

    private static void WriteText(Pen pen, JsonEncodedText url, string value)
    {
        var item = pen.BeginObject(null);
        pen.String(s_url, url);
        pen.String(s_valueString, value);
        pen.EndObject(item);
    }

    private static void WriteValue(Pen pen, JsonEncodedText url, JsonEncodedText name, JsonEncodedText value)
    {
        var item = pen.BeginObject(null);
        pen.String(s_url, url);
        pen.String(name, value);
        pen.EndObject(item);
    }

    public static void Read(JsonElement element, RowReader reader)
    {
        if (Find(element, s_bhyt) is not { } found || !found.TryGetProperty(s_extension.EncodedUtf8Bytes, out var parts))
        {
            return;
        }

        foreach (var part in parts.EnumerateArray())
        {
            var url = part.GetProperty(s_url.EncodedUtf8Bytes).GetString()!;
            switch (url)
            {
                case "rest":
                    reader.RestIsAbsent();
                    break;
                case "absent":
                    reader.Absent(Value(part));
                    break;
                case "empty":
                    reader.Empty(Value(part));
                    break;
                case "unknown":
                    foreach (var one in part.GetProperty(s_extension.EncodedUtf8Bytes).EnumerateArray())
                    {
                        reader.Unknown(one.GetProperty(s_url.EncodedUtf8Bytes).GetString()!, Value(one));
                    }

                    break;
                default:
                    reader.Exact(url, Value(part));
                    break;
            }
        }
    }

    /// <summary>The extension with this canonical, or null.</summary>
    public static JsonElement? Find(JsonElement element, JsonEncodedText url)
    {
        if (element.TryGetProperty(s_extension.EncodedUtf8Bytes, out var extensions))
        {
            foreach (var extension in extensions.EnumerateArray())
            {
                if (extension.TryGetProperty(s_url.EncodedUtf8Bytes, out var held) && held.ValueEquals(url.EncodedUtf8Bytes))
                {
                    return extension;
                }
            }
        }

        return null;
    }

    private static string Value(JsonElement part) => part.TryGetProperty(s_valueString.EncodedUtf8Bytes, out var value) ? value.GetString()! : "";
}
