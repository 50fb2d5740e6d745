using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>Everything under the base that no interaction answers: 405 for methods that an address does not have, else 404.</summary>
internal static class NotThere
{
    public static Task HandleAsync(FhirCall call)
    {
        var request = call.Context.Request;
        var segments = ((string?)request.RouteValues["rest"] ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (segments is [.., ['$', ..] operation])
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-supported", $"Operation {FhirCall.Shorten(operation)} does not exist here.");
        }

        if (segments is [var type, ..] && type != "metadata" && type != "_history" && !ServedTypes.Contains(type))
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-supported", $"Resource type {FhirCall.Shorten(type)} is not served here; /metadata lists those that are.");
        }

        if (!reads && segments.Length <= 4)
        {
            call.Context.Response.Headers.Allow = segments switch
            {
                [] => "GET, HEAD, POST",
                [_, "_search"] => "POST",
                [_] and not ["metadata" or "_history"] => "GET, HEAD, POST, PUT, PATCH, DELETE",
                [_, not "_history"] => "GET, HEAD, PUT, PATCH, DELETE",
                _ => "GET, HEAD",
            };
            throw new FhirProblem(StatusCodes.Status405MethodNotAllowed, "not-supported", $"{FhirCall.Shorten(request.Method)} is not supported at this address.");
        }

        throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", "There is nothing at this address.");
    }
}
