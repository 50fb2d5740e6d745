using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Vietnam;
using Microsoft.AspNetCore.Http;

namespace Mach.Care.Writing;

/// <summary>Who writes into a record, and for which facility.</summary>
/// <param name="Account">Account name.</param>
/// <param name="Practitioner">Practitioner id of the account; null = none is known.</param>
/// <param name="Facility">Code of the facility that they act for now; null = for none in particular.</param>
internal sealed record Writer(string Account, string Name, string? Practitioner, string? Facility)
{
    private const string Accounts = "urn:mach:account";

    /// <summary>
    /// The one at the screen, where one of the roles counts now: the post that they act for may leave it out, and who is off duty writes nothing. Which people they may write
    /// about is asked of the record, with their own sight: who is not seen is not there.
    /// </summary>
    public static Writer? Of(HttpContext http, params ReadOnlySpan<string> roles)
    {
        var place = http.Workplace();
        foreach (var role in roles)
        {
            if (http.User.HasRole(role) && place is { IsOffDuty: false } && (place.Roles?.Contains(role) ?? true))
            {
                return new(http.User.AccountName(), http.User.DisplayName(), place.Practitioner, place.Facility);
            }
        }

        return null;
    }

    /// <summary>The house itself, where it adds what follows from other facts.</summary>
    public static Writer House { get; } = new("mach:labels", "Mạch", null, null);

    /// <summary>Who writes notes and problems.</summary>
    public static Writer? OfNotes(HttpContext http) => Of(http, Roles.Doctor);

    /// <summary>Who writes allergies.</summary>
    public static Writer? OfAllergies(HttpContext http) => Of(http, Roles.Doctor, Roles.Nurse);

    /// <summary>As a FHIR Reference: the Practitioner where one is known, else the account by its identifier.</summary>
    public JsonObject ToReference() => Practitioner is { } id
        ? new() { ["reference"] = "Practitioner/" + id, ["display"] = Name }
        : new() { ["type"] = "Practitioner", ["identifier"] = new JsonObject { ["system"] = Accounts, ["value"] = Account }, ["display"] = Name };

    /// <summary>The facility as a Reference; null = none.</summary>
    public JsonObject? Organization() => Facility is null ? null : new() { ["reference"] = "Organization/cskcb-" + Facility.ToLowerInvariant() };

    /// <summary><c>meta</c> of what is written; null where there is no facility to name.</summary>
    public JsonObject? Meta() => Facility is null ? null : new() { ["source"] = new WrittenUri(Facility).ToString() };

    /// <summary>The author of this body is this writer.</summary>
    public bool Wrote(JsonObject? reference) =>
        reference is not null && (Practitioner is not null && (string?)reference["reference"] == "Practitioner/" + Practitioner
            || ((string?)reference["identifier"]?["system"] == Accounts && (string?)reference["identifier"]?["value"] == Account));
}
