using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path;

/// <summary>A name: elements of that name; first in an expression also the type of the focus, "Patient.name".</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#path-selection; names of types: http://hl7.org/fhir/R4/fhirpath.html#using.</remarks>
internal sealed class MemberExpr : Expr
{
    private readonly string _name;
    private readonly byte[] _utf8;
    private readonly byte[] _shadow;
    private readonly TypeDefinition? _type;
    private Plan? _last;

    /// <param name="isFirst">Not behind a dot.</param>
    public MemberExpr(string name, bool isFirst, int position)
        : base(position)
    {
        _name = name;
        _utf8 = Encoding.UTF8.GetBytes(name);
        _shadow = [(byte)'_', .. _utf8];
        _type = isFirst && name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? R4.Find(name) : null;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var found = new ValuesBuilder();
        for (var i = 0; i < focus.Count; i++)
        {
            Add(focus[i], ref found);
        }

        frame.Count(1 + focus.Count + found.Count);
        return found.ToValues();
    }

    public override int Count(Frame frame, in Values focus)
    {
        if (focus.One is not { } node || _type is not null || PlanOf(node.Type) is { Element: null or { IsChoice: true } })
        {
            return Evaluate(frame, focus).Count;
        }

        frame.Count(1);
        var container = node.Container;
        if (container.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        _ = container.TryGetProperty(_utf8, out var json);
        var shadow = default(JsonElement);
        return json.ValueKind == JsonValueKind.Object || (PlanOf(node.Type).IsPrimitive && container.TryGetProperty(_shadow, out shadow))
            ? FhirNode.CountItems(json, shadow)
            : FhirNode.CountItems(json, default);
    }

    public override bool Any(Frame frame, in Values focus) => Count(frame, focus) > 0;

    private void Add(FhirNode node, ref ValuesBuilder into)
    {
        if (_type is not null && node.Type is not null && node.Type.IsA(_type))
        {
            into.Add(node);
            return;
        }

        var container = node.Container;
        if (container.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var plan = PlanOf(node.Type);
        if (plan.Element is { IsChoice: true })
        {
            AddChoice(node, container, plan.Element, ref into);
        }
        else if (plan.Element is not null || node.Type is null)
        {
            _ = container.TryGetProperty(_utf8, out var json);
            var shadow = default(JsonElement);
            if (plan.IsPrimitive)
            {
                _ = container.TryGetProperty(_shadow, out shadow);
            }

            node.AddItems(json, shadow, plan.Element, plan.Reference, plan.Element is null ? _name : null, ref into);
        }
    }

    /// <summary>value is valueQuantity, valueString, …</summary>
    private void AddChoice(FhirNode node, JsonElement container, ElementDefinition element, ref ValuesBuilder into)
    {
        foreach (var property in container.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            var isShadow = name.StartsWith("_"u8);
            name = isShadow ? name[1..] : name;
            if (!name.StartsWith(_utf8) || !node.Type!.TryProperty(name, out var found, out var reference) || !ReferenceEquals(found, element))
            {
                continue;
            }

            var other = default(JsonElement);
            if (reference.Definition.Kind == TypeKind.Primitive)
            {
                _ = container.TryGetProperty(isShadow ? Encoding.UTF8.GetString(name) : "_" + Encoding.UTF8.GetString(name), out other);
            }

            if (!isShadow)
            {
                node.AddItems(property.Value, other, element, reference, null, ref into);
            }
            else if (other.ValueKind == JsonValueKind.Undefined)
            {
                node.AddItems(default, property.Value, element, reference, null, ref into);
            }
        }
    }

    /// <summary>What the name means in a type. The last answer is kept: most expressions meet one type only.</summary>
    private Plan PlanOf(TypeDefinition? type)
    {
        var last = _last;
        if (last is not null && ReferenceEquals(last.Type, type))
        {
            return last;
        }

        var element = type?.Find(_name);
        var reference = element is { IsChoice: false, Types.Count: > 0 } ? element.Types[0] : null;
        return _last = new Plan(type, element, reference, type is null || reference?.Definition.Kind == TypeKind.Primitive);
    }

    private sealed record Plan(TypeDefinition? Type, ElementDefinition? Element, TypeReference? Reference, bool IsPrimitive);
}
