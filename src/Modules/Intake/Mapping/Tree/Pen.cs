using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

/// <summary>
/// Writes the resources of one dossier one after the other into one buffer. Containers and fixed values wait
/// until something that was really sent is written inside them, so that no empty object or bare code system is left.
/// </summary>
internal sealed class Pen : IDisposable
{
    private const int KeptBytes = 4 * 1024 * 1024;

    [ThreadStatic]
    private static Pen? s_free;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private Waiting[] _waiting = new Waiting[32];
    private int _count;

    private Pen()
    {
        _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    private enum Kind : byte { Object, Array, Text }

    private struct Waiting
    {
        public Kind Kind;
        public JsonEncodedText? Name;
        public JsonEncodedText Value;
    }

    /// <summary>The dossier being written.</summary>
    public DossierScope Scope { get; private set; } = null!;

    /// <summary>The row being written.</summary>
    public DossierRow Row { get; private set; } = null!;

    /// <summary>1-based place of the row in its table.</summary>
    public int Ordinal { get; private set; }

    /// <summary>What was planned for the row: its resource ids and which optional fragments it has.</summary>
    public RowPlan Plan { get; private set; } = null!;

    /// <summary>Fields that another fragment of the same row carries.</summary>
    public UInt128 Covered { get; set; }

    /// <summary>Fields whose native form does not give the exact text back; they go into the row's extension too.</summary>
    public UInt128 Inexact { get; set; }

    public int Length => _bytes.WrittenCount;

    public static Pen Rent(DossierScope scope)
    {
        var pen = s_free ?? new Pen();
        s_free = null;
        pen.Scope = scope;
        return pen;
    }

    /// <summary>Gives the pen back for the next dossier of this thread; one that grew very large is let go.</summary>
    public void Dispose()
    {
        Scope = null!;
        Row = null!;
        Plan = null!;
        if (_bytes.Capacity > KeptBytes)
        {
            _json.Dispose();
            return;
        }

        _bytes.ResetWrittenCount();
        s_free = this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Turn(DossierRow row, int ordinal, RowPlan plan)
    {
        Row = row;
        Ordinal = ordinal;
        Plan = plan;
        Covered = plan.Covered;
        Inexact = default;
    }

    public void BeginResource()
    {
        _json.Reset();
        _count = 0;
        _json.WriteStartObject();
    }

    public void EndResource()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    public int BeginObject(JsonEncodedText? name) => Push(Kind.Object, name, default);

    public int BeginArray(JsonEncodedText name) => Push(Kind.Array, name, default);

    /// <summary>Closes what <see cref="BeginObject"/> opened; false when nothing was written inside, and so nothing at all.</summary>
    public bool EndObject(int mark)
    {
        if (_count > mark)
        {
            _count = mark;
            return false;
        }

        _json.WriteEndObject();
        return true;
    }

    public void EndArray(int mark)
    {
        if (_count > mark)
        {
            _count = mark;
        }
        else
        {
            _json.WriteEndArray();
        }
    }

    /// <summary>A fixed value that only matters beside a received one.</summary>
    public void Soft(JsonEncodedText name, JsonEncodedText value)
    {
        if (_count == 0)
        {
            _json.WriteString(name, value);
        }
        else
        {
            Push(Kind.Text, name, value);
        }
    }

    /// <summary>Opens everything that waits.</summary>
    public void Open()
    {
        for (var i = 0; i < _count; i++)
        {
            ref var w = ref _waiting[i];
            switch (w.Kind)
            {
                case Kind.Object when w.Name is { } name:
                    _json.WriteStartObject(name);
                    break;
                case Kind.Object:
                    _json.WriteStartObject();
                    break;
                case Kind.Array:
                    _json.WriteStartArray(w.Name!.Value);
                    break;
                default:
                    _json.WriteString(w.Name!.Value, w.Value);
                    break;
            }
        }

        _count = 0;
    }

    public void String(JsonEncodedText name, ReadOnlySpan<char> value)
    {
        Open();
        _json.WriteString(name, value);
    }

    public void String(JsonEncodedText name, JsonEncodedText value)
    {
        Open();
        _json.WriteString(name, value);
    }

    public void StringValue(ReadOnlySpan<char> value)
    {
        Open();
        _json.WriteStringValue(value);
    }

    public void Number(JsonEncodedText name, int value)
    {
        Open();
        _json.WriteNumber(name, value);
    }

    public void Boolean(JsonEncodedText name, bool value)
    {
        Open();
        _json.WriteBoolean(name, value);
    }

    /// <summary>A number with exactly these digits.</summary>
    public void Digits(JsonEncodedText name, ReadOnlySpan<char> digits)
    {
        Open();
        _json.WritePropertyName(name);
        _json.WriteRawValue(digits, skipInputValidation: true);
    }

    private int Push(Kind kind, JsonEncodedText? name, JsonEncodedText value)
    {
        if (_count == _waiting.Length)
        {
            Array.Resize(ref _waiting, _count * 2);
        }

        _waiting[_count] = new Waiting { Kind = kind, Name = name, Value = value };
        return _count++;
    }
}
