using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>One element of a resource template. The same tree writes the resource, reads it back and describes itself for docs/mapping.</summary>
internal abstract class Node
{
    /// <summary>Writes the element, or nothing when the row has nothing for it.</summary>
    public abstract void Write(Pen pen);

    /// <summary>Puts what the element holds back into the row.</summary>
    public virtual void Read(JsonElement parent, RowReader reader)
    {
    }

    /// <summary>Says which field stands at which path.</summary>
    public virtual void Describe(string path, ICollection<Mention> into)
    {
    }
}

/// <summary>One field's place in a resource.</summary>
/// <param name="Field">Place of the field in its table.</param>
/// <param name="Path">Element path, FHIRPath-like.</param>
/// <param name="Form">How it is written; null when it is a copy that is not read back.</param>
internal sealed record Mention(int Field, string Path, Transform? Form);

/// <summary>An object element; left out when nothing in it was sent.</summary>
internal sealed class ObjectNode(string name, Node[] children, bool required) : Node
{
    private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");

    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);

    public override void Write(Pen pen)
    {
        var mark = pen.BeginObject(_name);
        foreach (var child in children)
        {
            child.Write(pen);
        }

        if (!pen.EndObject(mark) && required)
        {
            mark = pen.BeginObject(_name);
            DataAbsent.Write(pen, s_extension);
            pen.EndObject(mark);
        }
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        if (parent.TryGetProperty(_name.EncodedUtf8Bytes, out var element) && element.ValueKind == JsonValueKind.Object)
        {
            foreach (var child in children)
            {
                child.Read(element, reader);
            }
        }
    }

    public override void Describe(string path, ICollection<Mention> into)
    {
        foreach (var child in children)
        {
            child.Describe(path + "." + name, into);
        }
    }
}

/// <summary>An array of objects; items without content are left out.</summary>
internal sealed class ArrayNode(string name, ItemNode[] items) : Node
{
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);

    public override void Write(Pen pen)
    {
        var mark = pen.BeginArray(_name);
        foreach (var item in items)
        {
            item.Write(pen);
        }

        pen.EndArray(mark);
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        if (!parent.TryGetProperty(_name.EncodedUtf8Bytes, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var element in array.EnumerateArray())
        {
            foreach (var item in items)
            {
                if (item.Matches(element))
                {
                    item.Read(element, reader);
                    break;
                }
            }
        }
    }

    public override void Describe(string path, ICollection<Mention> into)
    {
        foreach (var item in items)
        {
            item.Describe(path + "." + name, into);
        }
    }
}

/// <summary>One object of an array, known again by a fixed property such as <c>system</c> or <c>id</c>.</summary>
internal sealed class ItemNode(string? key, string? value, Node[] children) : Node
{
    private readonly JsonEncodedText _key = JsonEncodedText.Encode(key ?? "");
    private readonly JsonEncodedText _value = JsonEncodedText.Encode(value ?? "");

    public bool Matches(JsonElement element) =>
        key is null || (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(_key.EncodedUtf8Bytes, out var held) && held.ValueEquals(_value.EncodedUtf8Bytes));

    public override void Write(Pen pen)
    {
        var mark = pen.BeginObject(null);
        if (key is not null)
        {
            pen.Soft(_key, _value);
        }

        foreach (var child in children)
        {
            child.Write(pen);
        }

        pen.EndObject(mark);
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        foreach (var child in children)
        {
            child.Read(parent, reader);
        }
    }

    public override void Describe(string path, ICollection<Mention> into)
    {
        foreach (var child in children)
        {
            child.Describe(key is null ? path : $"{path}[{key}={Short(value!)}]", into);
        }
    }

    private static string Short(string value) => value[(value.LastIndexOf('/') + 1)..];
}

/// <summary>A fixed value; written with what stands beside it.</summary>
internal sealed class FixedNode(string name, string value) : Node
{
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);
    private readonly JsonEncodedText _value = JsonEncodedText.Encode(value);

    public override void Write(Pen pen) => pen.Soft(_name, _value);
}

/// <summary>A field's own place: written, and read back.</summary>
internal sealed class FieldNode(string name, int field, Transform form) : Node
{
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);

    public override void Write(Pen pen)
    {
        var bit = UInt128.One << field;
        if (pen.Row[field] is { Length: > 0 } value && (pen.Covered & bit) == 0 && !form.Write(pen, _name, value))
        {
            pen.Inexact |= bit;
        }
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        if (parent.TryGetProperty(_name.EncodedUtf8Bytes, out var element) && form.Read(element) is { } value)
        {
            reader.Native(field, value);
        }
    }

    public override void Describe(string path, ICollection<Mention> into) => into.Add(new Mention(field, path + "." + name, form));
}

/// <summary>The end of a period, left to the extension when it comes before the start.</summary>
internal sealed class EndNode(FieldNode inner, int field, int start) : Node
{
    public override void Write(Pen pen)
    {
        if (Day(pen.Row[start]) is { Length: >= 8 } from && Day(pen.Row[field]) is { Length: >= 8 } to)
        {
            var length = Math.Min(from.Length, to.Length);
            if (from[..length].SequenceCompareTo(to[..length]) > 0)
            {
                pen.Inexact |= UInt128.One << field;
                return;
            }
        }

        inner.Write(pen);
    }

    public override void Read(JsonElement parent, RowReader reader) => inner.Read(parent, reader);

    public override void Describe(string path, ICollection<Mention> into) => inner.Describe(path, into);

    private static ReadOnlySpan<char> Day(string? text) => text.AsSpan().Trim();
}

/// <summary>A date that R4 requires, with the reason for its absence where it cannot be said.</summary>
internal sealed class RequiredNode(string name, Node inner, int field) : Node
{
    private readonly JsonEncodedText _underscored = JsonEncodedText.Encode("_" + name);

    public override void Write(Pen pen)
    {
        inner.Write(pen);
        if (field < 0 || pen.Row[field] is not { Length: > 0 } value || !Shape.AsDateTime.Accepts(value))
        {
            DataAbsent.WritePrimitive(pen, _underscored);
        }
    }

    public override void Read(JsonElement parent, RowReader reader) => inner.Read(parent, reader);

    public override void Describe(string path, ICollection<Mention> into) => inner.Describe(path, into);
}

/// <summary>A field shown a second time where a reader of FHIR looks for it; not read back.</summary>
internal sealed class CopyNode(string name, int field, Transform form) : Node
{
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);

    public override void Write(Pen pen)
    {
        if (pen.Row[field] is { Length: > 0 } value)
        {
            form.Write(pen, _name, value);
        }
    }

    public override void Describe(string path, ICollection<Mention> into) => into.Add(new Mention(field, path + "." + name, null));
}

/// <summary>An element that follows from the dossier as a whole (references, status, what R4 requires); not read back.</summary>
internal sealed class MadeNode(Action<Pen> write) : Node
{
    public override void Write(Pen pen) => write(pen);
}

/// <summary>A field that this shape of the table does not have.</summary>
internal sealed class NoNode : Node
{
    public static readonly NoNode Instance = new();

    public override void Write(Pen pen)
    {
    }
}
