using System.Net;
using System.Security.Claims;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.FhirApi.Bundles;

/// <summary>Runs an entry of a Bundle as a request of its own, by the same routes, policies and interactions as one from outside.</summary>
internal sealed class InnerRequests
{
    private Lazy<RequestDelegate>? _pipeline;

    /// <summary>Takes the routes of the application; they are looked at when the first inner request comes, when all are mapped.</summary>
    public void Use(IEndpointRouteBuilder routes) => _pipeline = new(() =>
    {
        var app = routes.CreateApplicationBuilder();
        app.UseRouting();
        app.UseAuthorization();
        app.UseEndpoints(inner =>
        {
            foreach (var source in routes.DataSources)
            {
                inner.DataSources.Add(source);
            }
        });
        return app.Build();
    });

    /// <summary>What inner requests take over from the outer one: read once, before several of them run side by side, since a request is not made to be read by several threads.</summary>
    public static OuterRequest Outer(HttpContext context)
    {
        var request = context.Request;
        return new OuterRequest(context.RequestServices, context.User, context.TraceIdentifier, request.Scheme, request.Host, request.PathBase, context.Connection.RemoteIpAddress, context.Sight(), context.Audit(), context.RequestAborted);
    }

    /// <param name="path">Below the service base.</param>
    /// <param name="query">Without the question mark; null = none.</param>
    public async Task<InnerAnswer> SendAsync(OuterRequest outer, string method, string path, string? query, ReadOnlyMemory<byte> body, string contentType, params (string Name, string? Value)[] headers)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = outer.Services,
            User = outer.User,
            RequestAborted = outer.Aborted,
            TraceIdentifier = outer.Trace,
        };
        context.Sees(outer.Sight, outer.Audit);
        var request = context.Request;
        (request.Method, request.Scheme, request.Host, request.PathBase) = (method, outer.Scheme, outer.Host, outer.PathBase);
        request.Path = PathString.FromUriComponent(FhirApiModule.Root + "/" + path);
        request.QueryString = string.IsNullOrEmpty(query) ? QueryString.Empty : new QueryString("?" + query);
        request.Headers.Accept = "application/fhir+json";
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers[name] = value;
            }
        }

        if (!body.IsEmpty)
        {
            request.ContentType = contentType;
            request.ContentLength = body.Length;
            request.Body = new MemoryStream(body.ToArray(), writable: false);
        }

        context.Connection.RemoteIpAddress = outer.Address;
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await _pipeline!.Value(context);
        var response = context.Response;
        return new InnerAnswer(response.StatusCode, answer.GetBuffer().AsMemory(0, (int)answer.Length), Text(response.Headers.ETag), Text(response.Headers.Location), Text(response.Headers.LastModified));
    }

    private static string? Text(Microsoft.Extensions.Primitives.StringValues value) => value.Count == 0 ? null : value.ToString();
}

/// <summary>The outer request as its inner ones need it.</summary>
internal sealed record OuterRequest(
    IServiceProvider Services, ClaimsPrincipal User, string Trace, string Scheme, HostString Host, PathString PathBase, IPAddress? Address, Sight Sight, AuditScope Audit, CancellationToken Aborted);

/// <param name="Body">JSON, or empty.</param>
/// <param name="LastModified">As an HTTP date.</param>
internal sealed record InnerAnswer(int Status, ReadOnlyMemory<byte> Body, string? ETag, string? Location, string? LastModified);
