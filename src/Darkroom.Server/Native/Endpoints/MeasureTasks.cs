using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary>
/// <c>POST /v1/classify</c>, <c>/v1/likelihood</c> and <c>/v1/features</c>: the way of the tasks that make pictures, with an answer that is none.
/// </summary>
internal static class MeasureTasks
{
    private const string About =
        "It is a job like any other: it waits its turn, its evaluations share the network's calls with everyone else's, and it can be cancelled, watched and "
        + "waited for; as a job it has the same answer beside it. The body is JSON, with the picture in base64, or a form with a part for each field.";

    private const string AboutClassify =
        "The picture is noised, and the candidate is right under which the model predicts best what was added (Li et al. 2023). Every candidate sees the same "
        + "noises, and those that are surely behind are asked no more. ";

    private const string AboutLikelihood =
        "The probability-flow ODE carries the picture to noise, and the divergence on the way says how likely it was (Song et al. 2021). Of a model with an "
        + "autoencoder it is the density of the picture's latents. ";

    private const string AboutFeatures =
        "The picture is encoded, noised as at the timestep, and shown to the network once; what the layers give is answered as a safetensors file with a "
        + "float32 tensor for each, or, with Accept: application/json, by the address of that file. ";

    private static readonly ProblemType[] Problems = [ProblemType.NotAcceptable, .. FailureTable.All];

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, TaskSheet.Classify, AboutClassify).Answers<ClassifyAnswer>().Answers<JobAnswer>(202, about: "The job as it stands: it goes on.")
            .Sends(200, JobIds.Header, Prefer.AppliedHeader, RepeatKey.Replayed).Sends(202, JobIds.Header, "Location", Prefer.AppliedHeader, RepeatKey.Replayed)
            .Sends(503, "Location", JobIds.Header).Fails(Problems);
        MapFeatures(routes);
        Map(routes, TaskSheet.Likelihood, AboutLikelihood).Answers<LikelihoodAnswer>().Answers<JobAnswer>(202, about: "The job as it stands: it goes on.")
            .Sends(200, JobIds.Header, Prefer.AppliedHeader, RepeatKey.Replayed).Sends(202, JobIds.Header, "Location", Prefer.AppliedHeader, RepeatKey.Replayed)
            .Sends(503, "Location", JobIds.Header).Fails(Problems);
    }

    private static void MapFeatures(IEndpointRouteBuilder routes) =>
        Map(routes, TaskSheet.Features, AboutFeatures).WithMetadata(new AnswersTensors()).Answers<FeaturesAnswer>()
            .Answers<JobAnswer>(202, about: "The job as it stands: it goes on.")
            .Sends(200, JobIds.Header, "Content-Location", "X-Seed", Prefer.AppliedHeader, RepeatKey.Replayed)
            .Sends(202, JobIds.Header, "Location", Prefer.AppliedHeader, RepeatKey.Replayed).Sends(503, "Location", JobIds.Header).Fails(Problems);

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, TaskSheet sheet, string about)
    {
        var name = WireNames.Of(sheet.Task);
        return routes.MapPost("/v1/" + name, (HttpContext context, NativeGeneration generation) => generation.HandleAsync(context, sheet))
            .WithTags("Pictures").WithName(name).WithSummary(sheet.Summary).WithDescription(about + About)
            .WithMetadata(new TakesFields(sheet))
            .TakesHeader(Prefer.Header, GenerationTasks.AboutPrefer, Values.Text(Prefer.MaxLength))
            .TakesHeader(RepeatKey.Header, GenerationTasks.AboutKey, RepeatKey.Values);
    }
}
