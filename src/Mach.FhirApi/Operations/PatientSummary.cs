using Mach.Access;
using Mach.Access.Authority;
using Mach.Contracts.People;
using Mach.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Operations;

/// <summary>Patient/id/$summary: the person's record as an International Patient Summary, a document Bundle.</summary>
/// <remarks>Source: http://hl7.org/fhir/uv/ips/STU1.1/OperationDefinition-summary.html.</remarks>
internal static class PatientSummary
{
    /// <summary>All that a summary may hold: it comes whole or not at all, as one with gaps would be taken for a whole one.</summary>
    private static readonly string[] Types =
    [
        "Patient", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationDispense", "Immunization", "Procedure", "Observation", "DiagnosticReport", "Medication", "Organization", "Practitioner",
    ];

    public static async Task HandleAsync(FhirCall call)
    {
        call.NeedType('r');
        var id = call.NeedId();
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call);
        var narrowing = call.Context.Sight().Narrowing;
        if (Array.Find(Types, type => !call.User.MayReadFhir(type, 'r') || !IsWhole(narrowing, type)) is { } closed)
        {
            throw new FhirProblem(StatusCodes.Status403Forbidden, "forbidden", $"A summary holds {closed}, which the scopes do not allow to read whole.");
        }

        var summaries = call.Context.RequestServices.GetService<IPatientSummaries>() ?? throw new FhirProblem(StatusCodes.Status501NotImplemented, "not-supported", "This server makes no summaries.");
        var document = await summaries.WriteAsync(id, call.Base, call.Aborted) ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no Patient/{id}.");
        await FhirAnswer.SendAsync(call, document);
    }

    /// <summary>Without conditions on what of a type may be read.</summary>
    private static bool IsWhole(Narrowing? narrowing, string type) =>
        narrowing is null || narrowing.Openings.Any(o => (o.Type is null || o.Type == type) && o.Conditions.Count == 0);
}
