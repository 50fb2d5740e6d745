using System.Data.Common;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.FhirApi.Interactions;
using Mach.FhirApi.Transport;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.FhirApi;

/// <summary>The one place where what went wrong becomes a status and an OperationOutcome.</summary>
internal static class FhirRoute
{
    private const string RetryAfterSeconds = "5";

    public static RequestDelegate Of(Func<FhirCall, Task> handle) => async context =>
    {
        try
        {
            var call = FhirCall.Read(context);
            NotThere.NeedMethodOfOperation(call);
            await handle(call);
        }
        catch (FhirProblem e)
        {
            await OutcomeAnswer.WriteAsync(context, e.Status, e.Issues);
        }
        catch (SearchException e)
        {
            await OutcomeAnswer.WriteAsync(context, e.Code == "too-costly" ? 422 : 400, e.Code, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await OutcomeAnswer.WriteAsync(context, e.StatusCode, e.StatusCode == 413 ? "too-long" : "invalid", e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to tell.
        }
        catch (Exception e) when (!context.Response.HasStarted && IsUnavailable(e))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await OutcomeAnswer.WriteAsync(context, 503, "transient", "The record store cannot be reached now; try again in a few seconds.");
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var correlation = RequestIds.Own(context);
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(FhirRoute)).FhirFailed(e, correlation);
            await OutcomeAnswer.WriteAsync(context, 500, "exception", $"Something went wrong here; it is in the log under {correlation}.");
        }
    };

    private static bool IsUnavailable(Exception e) => e is StoreUnavailableException || (e is DbException && Db.IsUnavailable(e));
}
