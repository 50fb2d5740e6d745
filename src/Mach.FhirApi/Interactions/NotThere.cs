using Mach.FhirApi.Operations;
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

        if (segments is [var type, ..] && type is not ("metadata" or "_history" or "_search") && !ServedTypes.Contains(type))
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-supported", $"Resource type {FhirCall.Shorten(type)} is not served here; /metadata lists those that are.");
        }

        if (!reads && segments.Length <= 4)
        {
            throw NotAllowed(call, segments switch
            {
                [] => "GET, HEAD, POST",
                ["_search"] or [_, "_search"] => "POST",
                [_] and not ["metadata" or "_history"] => "GET, HEAD, POST, PUT, PATCH, DELETE",
                [_, not "_history"] => "GET, HEAD, PUT, PATCH, DELETE",
                _ => "GET, HEAD",
            });
        }

        throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", "There is nothing at this address.");
    }

    /// <summary>Routes that take any id or type also match addresses of other meaning; those have the methods that they have.</summary>
    /// <param name="segment">Last part of the address.</param>
    /// <exception cref="FhirProblem">405.</exception>
    public static void NeedOtherMethod(FhirCall call, string segment)
    {
        var reads = HttpMethods.IsGet(call.Context.Request.Method) || HttpMethods.IsHead(call.Context.Request.Method);
        if (segment == "_search" || (segment is "metadata" or "_history" && !reads && !call.Context.Request.RouteValues.ContainsKey("version")))
        {
            throw NotAllowed(call, segment == "_search" ? "POST" : "GET, HEAD");
        }
    }

    /// <exception cref="FhirProblem">405: the operation exists, and this is not how it is called.</exception>
    public static void NeedMethodOfOperation(FhirCall call)
    {
        var path = call.Context.Request.Path.Value!;
        if (!path.Contains("/$", StringComparison.Ordinal))
        {
            return;
        }

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        var level = segments.Length switch { 1 => OperationLevel.System, 2 => OperationLevel.Type, _ => OperationLevel.Instance };
        if (segments is { Length: <= 3 } and [.., ['$', .. var name]]
            && OperationList.Find(name, level, segments[0]) is { } operation && !operation.Methods.Contains(call.Context.Request.Method))
        {
            throw NotAllowed(call, string.Join(", ", operation.Methods));
        }
    }

    private static FhirProblem NotAllowed(FhirCall call, string allow)
    {
        call.Context.Response.Headers.Allow = allow;
        return new FhirProblem(StatusCodes.Status405MethodNotAllowed, "not-supported", $"{FhirCall.Shorten(call.Context.Request.Method)} is not supported at this address; {allow} is.");
    }
}
