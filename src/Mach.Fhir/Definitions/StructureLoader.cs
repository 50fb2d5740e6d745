namespace Mach.Fhir.Definitions;

/// <summary>Builds the types out of the first section of the embedded file.</summary>
internal sealed class StructureLoader(SectionReader reader)
{
    private readonly Dictionary<(int, string), Binding> _bindings = [];
    private readonly Dictionary<string, TypeReference> _plainTypes = new(StringComparer.Ordinal);
    private string[] _strings = [];
    private Invariant[] _rules = [];

    public TypeDefinition[] Load()
    {
        _strings = reader.List(reader.Text);
        _rules = reader.List(() => new Invariant(String()!, reader.Flag(), String()!, String()!));
        var parts = reader.List(ReadType);
        var types = new TypeDefinition?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            Define(parts, types, i);
        }

        for (var i = 0; i < parts.Length; i++)
        {
            types[i]!.Elements = [.. parts[i].Elements.Select(e => e.Build(types[i]!, this, types!))];
        }

        return types!;
    }

    /// <summary>Bases are defined first, wherever they stand in the file.</summary>
    private static TypeDefinition Define(TypePart[] parts, TypeDefinition?[] types, int i)
    {
        var part = parts[i];
        return types[i] ??= new TypeDefinition(part.Name, part.Kind, part.IsAbstract, part.Base == 0 ? null : Define(parts, types, part.Base - 1))
        {
            Pattern = part.Pattern,
            Invariants = part.Invariants,
        };
    }

    private TypePart ReadType()
    {
        var name = String()!;
        var flags = reader.Byte();
        return new TypePart(name, (TypeKind)(flags & 7), (flags & 8) != 0, reader.Number(), String(), Rules(), reader.List(ReadElement));
    }

    private ElementPart ReadElement()
    {
        var name = String()!;
        var flags = reader.Byte();
        var min = reader.Number();
        var max = reader.Number();
        var strength = reader.Number();
        return new ElementPart(name, flags, min, max, strength == 0 ? null : SharedBinding(strength - 1, String()!), Rules(), reader.List(() => new ReferencePart(String()!, reader.Number(), reader.List(() => String()!))));
    }

    private string? String() => reader.Number() is var at and > 0 ? _strings[at - 1] : null;

    private Invariant[] Rules() => reader.List(() => _rules[reader.Number()]);

    private Binding SharedBinding(int strength, string valueSet) =>
        _bindings.TryGetValue((strength, valueSet), out var known) ? known : _bindings[(strength, valueSet)] = new Binding((BindingStrength)strength, valueSet);

    private sealed record TypePart(string Name, TypeKind Kind, bool IsAbstract, int Base, string? Pattern, Invariant[] Invariants, ElementPart[] Elements);

    private sealed record ReferencePart(string Code, int Type, string[] Targets);

    private sealed record ElementPart(string Name, byte Flags, int Min, int Max, Binding? Binding, Invariant[] Invariants, ReferencePart[] Types)
    {
        public ElementDefinition Build(TypeDefinition owner, StructureLoader loader, TypeDefinition[] types) => new(owner, Name)
        {
            IsChoice = (Flags & 1) != 0,
            IsArray = (Flags & 2) != 0,
            IsSummary = (Flags & 4) != 0,
            IsModifier = (Flags & 8) != 0,
            Min = Min,
            Max = Max == 0 ? int.MaxValue : Max,
            Binding = Binding,
            Invariants = Invariants,
            Types = Array.ConvertAll(Types, t => Reference(t, loader, types)),
        };

        /// <summary>References without targets are the same wherever they stand, so they are shared.</summary>
        private static TypeReference Reference(ReferencePart part, StructureLoader loader, TypeDefinition[] types)
        {
            var type = types[part.Type];
            if (part.Targets.Length > 0)
            {
                return new TypeReference(part.Code, type, part.Targets);
            }

            return loader._plainTypes.TryGetValue(type.Name, out var known) ? known : loader._plainTypes[type.Name] = new TypeReference(part.Code, type, []);
        }
    }
}
