using Mach.Data;
using Mach.Server.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests;

/// <summary>No endpoint is open by oversight: each names a policy, or stands on the short list of those that need none.</summary>
public sealed class EndpointTests
{
    private static readonly string[] Open =
    [
        "/health/live", "/health/ready", "/sign-in", "/sign-in/second", "/sign-in/with/{provider}", "/sign-in/from/{provider}", "/sign-in/passkey", "/sign-in/passkey/options", "/switch", "/recover", "/oauth/token", "/oauth/jwks", "/oauth/revoke", "/oauth/introspect", "/oauth/style.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/api/token", "/assets/{name}", "/preferences/{name}", "/date",
        "/fhir/metadata", "/fhir/.well-known/smart-configuration",
    ];

    [Fact]
    public async Task Every_endpoint_names_a_policy_or_is_listed_as_open()
    {
        var data = Directory.CreateTempSubdirectory("mach-endpoints-").FullName;
        var options = new HubOptions { Data = data, Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0" };
        var store = await Hub.OpenStoreAsync(options, CancellationToken.None);
        await using var app = Hub.Build(options, store);
        await HubRunner.StartAsync(app, CancellationToken.None);
        var endpoints = app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 20);
        var wrong = endpoints.Where(IsUnguarded).Select(e => e.RoutePattern.RawText).ToList();
        Assert.Empty(wrong);
        await app.StopAsync();
    }

    private static bool IsUnguarded(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return !Open.Any(o => route.Equals(o, StringComparison.OrdinalIgnoreCase) || route.StartsWith("/assets/", StringComparison.Ordinal));
        }

        return !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is not null);
    }
}
