using System.Text.Json;
using Mach.Fhir.Validation;
using Mach.FhirApi.Bodies;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Operations;

/// <summary>Type/$validate and Type/id/$validate: what is wrong with a resource, warnings too; nothing is stored. Without a body the stored one is looked at.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/resource-operation-validate.html. Profiles: only the base definition of the type.</remarks>
internal static class Validate
{
    private const string Base = "http://hl7.org/fhir/StructureDefinition/";

    public static async Task TypeAsync(FhirCall call)
    {
        var type = call.NeedType('r');
        var input = await OperationInput.ReadAsync(call);
        await AnswerAsync(call, type, null, Resource(input), input);
    }

    public static async Task InstanceAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        var input = await OperationInput.ReadAsync(call);
        var resource = Resource(input);
        if (resource.ValueKind == JsonValueKind.Undefined)
        {
            var stored = await call.Records.ReadAsync(type, id, call.Aborted);
            if (stored is null || stored.IsDeleted)
            {
                throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");
            }

            resource = JsonDocument.Parse(stored.Body).RootElement;
        }

        await AnswerAsync(call, type, id, resource, input);
    }

    private static JsonElement Resource(OperationInput input) => input.Resource.ValueKind != JsonValueKind.Undefined ? input.Resource : input.Object("resource");

    private static async Task AnswerAsync(FhirCall call, string type, string? id, JsonElement resource, OperationInput input)
    {
        input.NeedOnly(call, "resource", "mode", "profile");
        var mode = input.Text("mode");
        if (mode is not (null or "create" or "update" or "delete" or "profile"))
        {
            throw new FhirProblem(400, "value", "mode is create, update, delete or profile.", "mode");
        }

        var issues = new List<OutcomeIssue>();
        if (input.Text("profile") is { } profile && profile != Base + type)
        {
            issues.Add(new OutcomeIssue("error", "not-supported", $"The profile {FhirCall.Shorten(profile)} is not known here; {Base}{type} is.", "profile"));
        }

        if (resource.ValueKind == JsonValueKind.Undefined)
        {
            if (mode != "delete")
            {
                throw new FhirProblem(400, "required", "There is no resource: send it as the body, or as the parameter 'resource'.", "resource");
            }
        }
        else if (JsonBody.TypeOf(resource) != type)
        {
            issues.Add(new OutcomeIssue("error", "invalid", $"The resource is of another type than the address asks for ({type}).", "resourceType"));
        }
        else
        {
            Check(type, id, mode, resource, issues);
        }

        if (issues.Count == 0)
        {
            issues.Add(new OutcomeIssue("information", "informational", "No issues were found."));
        }

        await OutcomeAnswer.WriteAsync(call.Context, StatusCodes.Status200OK, issues);
    }

    private static void Check(string type, string? id, string? mode, JsonElement resource, List<OutcomeIssue> issues)
    {
        foreach (var issue in ResourceValidator.Validate(resource))
        {
            var severity = issue.Severity.ToString().ToLowerInvariant();
            issues.Add(new OutcomeIssue(severity, issue.Code, issue.Diagnostics, issue.Expression));
        }

        if (mode == "update" && id is not null && JsonBody.IdOf(resource) != id)
        {
            issues.Add(new OutcomeIssue("error", "invalid", $"An update must carry the id of the address: {id}.", type + ".id"));
        }
    }
}
