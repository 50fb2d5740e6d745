using System.Collections.Concurrent;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path.Functions;

/// <summary>trace, the time of the evaluation, and reflection: http://hl7.org/fhirpath/N1/#utility-functions and #reflection.</summary>
internal static class UtilityFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["trace"] = new(Trace, 1, 2),
        ["now"] = new((in call) => Now(call, MomentKind.DateTime), 0, 0),
        ["today"] = new((in call) => Now(call, MomentKind.Date), 0, 0),
        ["timeOfDay"] = new((in call) => Now(call, MomentKind.Time), 0, 0),
        ["type"] = new(TypeOf, 0, 0),
    };

    private static readonly ConcurrentDictionary<(string Space, string Name, string Base), FhirNode> Types = new();

    private static Values Trace(in Call call)
    {
        if (call.Text(0) is not { } name)
        {
            throw new FhirPathException("trace() needs a name.", call.Position);
        }

        if (call.Frame.Context.Trace is { } trace)
        {
            var shown = call.Focus;
            if (call.Arguments > 1)
            {
                var (outer, index, all) = (call.Frame.This, call.Frame.Index, new ValuesBuilder());
                for (var i = 0; i < call.Focus.Count; i++)
                {
                    all.AddAll(call.Apply(1, call.Focus[i], i));
                }

                (call.Frame.This, call.Frame.Index) = (outer, index);
                shown = all.ToValues();
            }

            trace(name, shown.ToList());
        }

        return call.Focus;
    }

    private static Values Now(in Call call, MomentKind kind) =>
        call.Frame.Context.Now == default
            ? throw new FhirPathException("The evaluation was given no time.", call.Position)
            : Call.Of(Moment.Of(call.Frame.Context.Now, kind));

    private static Values TypeOf(in Call call)
    {
        var all = new ValuesBuilder();
        for (var i = 0; i < call.Focus.Count; i++)
        {
            var node = call.Focus[i];
            var info = node.IsSystem ? ("System", TypeSpecifier.NameOf(node.SystemValue), "System.Any")
                : node.Type is { } type ? ("FHIR", type.Name, BaseOf(type))
                : ("FHIR", "Element", "System.Any");
            all.Add(Types.GetOrAdd(info, static i => FhirNode.Of(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["namespace"] = i.Item1, ["name"] = i.Item2, ["baseType"] = i.Item3 }), default, null)));
        }

        call.Frame.Count(all.Count);
        return all.ToValues();
    }

    private static string BaseOf(TypeDefinition type) => type.Base is { } parent ? "FHIR." + parent.Name : "System.Any";
}
