using Mach.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Mach.FhirApi.Operations;

internal enum OperationLevel { System, Type, Instance }

/// <summary>One FHIR operation at one level: a route, and a line in the capability statement.</summary>
/// <param name="Name">Without the dollar sign.</param>
/// <param name="Types">The types that have it; empty = all.</param>
/// <param name="Definition">Canonical address of its OperationDefinition.</param>
/// <param name="AffectsState">It writes: only by POST, and only with a scope that may write.</param>
internal sealed record Operation(string Name, OperationLevel Level, IReadOnlyList<string> Types, string Definition, Func<FhirCall, Task> Handle, bool AffectsState = false)
{
    private static readonly string[] Both = ["GET", "HEAD", "POST"], PostOnly = ["POST"];

    /// <summary>What it does here beyond its definition, in the capability statement; null = nothing.</summary>
    public string? Documentation { get; init; }

    public IReadOnlyList<string> Methods => AffectsState ? PostOnly : Both;

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(FhirApiModule.Root).RequireAuthorization(AffectsState ? Policies.FhirWrite : Policies.FhirRead).WithMetadata(OutcomeAnswer.Denials);
        var handle = FhirRoute.Of(Handle);
        if (Types.Count == 0)
        {
            group.MapMethods(Pattern("{type}"), Methods, handle).WithName($"fhir-{Name}-{Level}".ToLowerInvariant());
        }

        foreach (var type in Types)
        {
            group.MapMethods(Pattern(type), Methods, context =>
            {
                context.Request.RouteValues["type"] = type;
                return handle(context);
            }).WithName($"fhir-{Name}-{Level}-{type}".ToLowerInvariant());
        }
    }

    private string Pattern(string type) => (Level == OperationLevel.System ? "" : "/" + type) + (Level == OperationLevel.Instance ? "/{id}" : "") + "/$" + Name;
}
