using System.Text.Json;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Builds the template of one fragment for one shape of a table; fields that the shape does not have drop out.</summary>
internal sealed class Shape(BhytTable table)
{
    private UInt128 _native;
    private UInt128 _own;

    public BhytTable Table => table;

    /// <summary>Fields placed so far.</summary>
    public UInt128 Native => _native;

    /// <summary>Fields kept for the extension so far.</summary>
    public UInt128 Kept => _own;

    public static Transform AsSent { get; } = new TextForm();
    public static Transform AsCode { get; } = new CodeForm();
    public static Transform AsDateTime { get; } = new DateTimeForm();
    public static Transform AsDay { get; } = new DayForm();
    public static Transform AsBirth { get; } = new BirthForm();
    public static Transform AsDecimal { get; } = new DecimalForm();
    public static Transform AsCount { get; } = new WholeForm(0);
    public static Transform AsGender { get; } = new GenderForm();
    public static Transform AsNarrative { get; } = new NarrativeForm();

    public Node Text(string name, string field) => Field(name, field, AsSent);
    public Node Code(string name, string field) => Field(name, field, AsCode);
    public Node Time(string name, string field) => Field(name, field, AsDateTime);
    public Node Day(string name, string field) => Field(name, field, AsDay);
    public Node Decimal(string name, string field) => Field(name, field, AsDecimal);

    /// <summary>The field's own place.</summary>
    public Node Field(string name, string field, Transform form)
    {
        var index = table.IndexOf(field);
        if (index < 0)
        {
            return NoNode.Instance;
        }

        _native |= UInt128.One << index;
        return new FieldNode(name, index, form);
    }

    /// <summary>The end of a period; an end before its start stays in the extension, since R4 (per-1) forbids it.</summary>
    public Node End(string name, string field, string startField) => table.IndexOf(startField) is var start and >= 0 && Time(name, field) is FieldNode end
        ? new EndNode(end, table.IndexOf(field), start)
        : Time(name, field);

    /// <summary>The field once more, not read back.</summary>
    public Node Copy(string name, string field, Transform form) => table.IndexOf(field) is var index and >= 0 ? new CopyNode(name, index, form) : NoNode.Instance;

    /// <summary>A time that R4 requires: without one it says that it is unknown.</summary>
    public Node RequiredTime(string name, string field) => new RequiredNode(name, Time(name, field), table.IndexOf(field));

    /// <summary>The first of these fields that this shape has; an empty name when none.</summary>
    public string FirstOf(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (table.IndexOf(field) >= 0)
            {
                return field;
            }
        }

        return "";
    }

    /// <summary>A node of its own kind that carries these fields.</summary>
    public Node Carry(Node node, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (table.IndexOf(field) is var index and >= 0)
            {
                _native |= UInt128.One << index;
            }
        }

        return node;
    }

    /// <summary>Fields that this fragment carries in its extension.</summary>
    public Node Own(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (table.IndexOf(field) is var index and >= 0)
            {
                _own |= UInt128.One << index;
            }
        }

        return NoNode.Instance;
    }

    /// <summary>One item of <c>coding</c>.</summary>
    public ItemNode Coding(string system, string field) => ItemBy("system", system, Code("code", field));

    /// <summary>One item of <c>coding</c>, not read back.</summary>
    public ItemNode CodingCopy(string system, string field) => ItemBy("system", system, Copy("code", field, AsCode));

    /// <summary>A reference to who or what an identifier names.</summary>
    public Node Named(string name, string system, string field) => Obj(name, Obj("identifier", Fixed("system", system), Code("value", field)));

    /// <summary>A note known by its field's name.</summary>
    public ItemNode Note(string field) => ItemBy("id", field, Text("text", field));

    /// <summary>A section with the field's label as title.</summary>
    public ItemNode Section(string field)
    {
        var title = table.IndexOf(field) is var index and >= 0 ? table.Fields[index].Vi : field;
        return ItemBy("id", field, Fixed("title", title), Obj("text", Fixed("status", "additional"), Field("div", field, AsNarrative)));
    }

    public Fragment Build(string kind, string type, Node[] nodes) => new(kind, type, nodes, _native, _own);

    public static ItemNode Item(params Node[] children) => new(null, null, children);
    public static ItemNode ItemBy(string key, string value, params Node[] children) => new(key, value, children);
    public static Node Obj(string name, params Node[] children) => new ObjectNode(name, children, required: false);

    /// <summary>An object that R4 requires: without content it says that it is unknown.</summary>
    public static Node Required(string name, params Node[] children) => new ObjectNode(name, children, required: true);
    public static Node Arr(string name, params ItemNode[] items) => new ArrayNode(name, items);
    public static Node Fixed(string name, string value) => new FixedNode(name, value);
    public static Node Made(Action<Pen> write) => new MadeNode(write);

    /// <summary>Concept with one fixed code: <c>{coding:[{system,code}]}</c>, written always.</summary>
    public static Node Concept(string name, string system, string code, bool inArray = false)
    {
        JsonEncodedText n = JsonEncodedText.Encode(name), s = JsonEncodedText.Encode(system), c = JsonEncodedText.Encode(code);
        return new MadeNode(pen =>
        {
            var outer = inArray ? pen.BeginArray(n) : pen.BeginObject(n);
            var item = inArray ? pen.BeginObject(null) : -1;
            FhirParts.WriteCoding(pen, s, c);
            if (inArray)
            {
                pen.EndObject(item);
                pen.EndArray(outer);
            }
            else
            {
                pen.EndObject(outer);
            }
        });
    }
}
