using System.Security.Claims;
using Mach.Kernel;

namespace Mach.Access.Programs;

/// <summary>
/// What scopes leave of what somebody may see. A program that acts for a person sees what the person sees and its scopes open, never more than either; one that acts
/// for itself is narrowed where a scope has conditions.
/// </summary>
/// <remarks>Source: SMART App Launch 2.1, "Scopes for requesting FHIR Resources". Reading and searching are asked for by type at the door (<see cref="Principals.MayReadFhir"/>); which resources there are for the
/// program is one answer for both.</remarks>
internal static class Narrowings
{
    public static Sight Narrow(Sight sight, ClaimsPrincipal who)
    {
        var scopes = who.ReadScopes().Where(s => s.Rights.AsSpan().IndexOfAny('r', 's') >= 0).ToList();
        return !who.ActsForPerson() && scopes.TrueForAll(s => s.Conditions.Count == 0) ? sight : sight with
        {
            Narrowing = new Narrowing
            {
                Patient = who.LaunchPatient(),
                Openings = [.. scopes.Select(s => new Opening(s.Type == "*" ? null : s.Type, s.Context == "patient", s.Conditions))],
            },
        };
    }
}
