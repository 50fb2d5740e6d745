using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Programs;

/// <summary>The name of this house towards programs: its address without a slash at the end.</summary>
public static class Issuer
{
    /// <summary>As the host says (<see cref="AccessOptions.PublicAddress"/>), or as the request came.</summary>
    public static string Of(HttpContext context) =>
        context.RequestServices.GetRequiredService<AccessOptions>().PublicAddress is { Length: > 0 } address
            ? address.TrimEnd('/')
            : $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}";

    /// <summary>Base of the FHIR API: what programs name as the audience of what they ask for.</summary>
    public static string FhirBase(HttpContext context) => Of(context) + "/fhir";

    /// <summary>The token endpoint.</summary>
    public static string TokenAddress(HttpContext context) => Of(context) + "/oauth/token";
}
