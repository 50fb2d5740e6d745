using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Web;

/// <summary>How many requests one caller may make in a minute; 0 = as many as it likes.</summary>
/// <param name="Person">Of one signed-in account: far more than anybody clicks, less than a script that copies records wants.</param>
/// <param name="Program">Of one program with a token: a hospital system sends what its patients are.</param>
/// <param name="Address">Of one address without a sign-in, pages' own files left out. A whole hospital may come from one address.</param>
public sealed record RequestRates(int Person = 6000, int Program = 0, int Address = 12000);

internal static class RateLimits
{
    private const int Segments = 6;
    private const string Message = "Quá nhiều yêu cầu từ tài khoản hoặc địa chỉ này; hãy chờ một phút. / Too many requests from this account or address; wait a minute.";

    public static IServiceCollection AddRateLimits(this IServiceCollection services, AccessOptions options) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.AddPolicy(Policies.SignInRate, context => Window(context.ClientAddress(), options.SignInsPerMinute));
        limiter.AddPolicy(Policies.ProgramRate, context => Window(context.ClientAddress(), options.ProgramCallsPerMinute));
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Caller(context, options.Rates));
        limiter.OnRejected = RefuseAsync;
    });

    private static RateLimitPartition<string> Caller(HttpContext context, RequestRates rates)
    {
        if (context.User.Identity is { IsAuthenticated: true })
        {
            var isPerson = !context.Request.Headers.ContainsKey("Authorization");
            return Window((isPerson ? "person " : "program ") + context.User.AccountName(), isPerson ? rates.Person : rates.Program);
        }

        var isFile = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
        return Window("address " + context.ClientAddress(), isFile ? 0 : rates.Address);
    }

    private static RateLimitPartition<string> Window(string caller, int perMinute) => perMinute == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetSlidingWindowLimiter(caller, _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = Segments });

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken ct)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(60.0 / Segments);
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Denials.AnswerAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, Message);
    }
}
