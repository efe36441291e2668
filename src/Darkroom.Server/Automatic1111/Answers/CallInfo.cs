using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Automatic1111.Answers;

/// <summary>The <c>info</c> of an answer: JSON as a text, with the values of the call and of each picture.</summary>
internal static class CallInfo
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="call">What was asked.</param>
    /// <param name="request">Of its first job.</param>
    /// <param name="jobs">Those that have pictures.</param>
    /// <param name="models">What ran them.</param>
    public static string Of(SentCall call, GenerationRequest request, IReadOnlyList<Job> jobs, IModelDirectory models)
    {
        var (pictures, seeds) = (call.Plan.Pictures, call.Seeds);
        var model = models.Find(request.Model) ?? new ModelDescription { Id = request.Model, Title = request.Model };
        var hash = jobs.Count > 0 ? jobs[0].Result!.ModelHash : models.StatusOf(model.Id).ContentHash;
        var info = new JsonObject
        {
            ["prompt"] = request.Prompt,
            ["all_prompts"] = All(pictures, _ => request.Prompt),
            ["negative_prompt"] = request.NegativePrompt ?? "",
            ["all_negative_prompts"] = All(pictures, _ => request.NegativePrompt ?? ""),
            ["seed"] = seeds.Seed,
            ["all_seeds"] = All(pictures, seeds.SeedOf),
            ["subseed"] = seeds.Subseed,
            ["all_subseeds"] = All(pictures, seeds.SubseedOf),
            ["subseed_strength"] = seeds.Strength,
            ["width"] = request.Width,
            ["height"] = request.Height,
            ["sampler_name"] = request.Sampler is { } sampler ? A1111Samplers.Find(sampler)?.Name ?? sampler : model.SamplerClass,
            ["cfg_scale"] = request.GuidanceScale,
            ["steps"] = request.Steps,
            ["batch_size"] = call.Plan.BatchSize,
            ["restore_faces"] = false,
            ["face_restoration_model"] = null,
            ["sd_model_name"] = model.Id,
            ["sd_model_hash"] = Short(hash),
            ["sd_vae_name"] = request.Vae?.Id,
            ["sd_vae_hash"] = Short(request.Vae?.Hash),
            ["seed_resize_from_w"] = Echoed(call, "seed_resize_from_w"),
            ["seed_resize_from_h"] = Echoed(call, "seed_resize_from_h"),
            ["denoising_strength"] = request.Edit?.Strength ?? request.Hires?.Strength,
            ["extra_generation_params"] = new JsonObject(),
            ["index_of_first_image"] = 0,
            ["infotexts"] = new JsonArray([.. jobs.SelectMany(job => job.Result!.Images.Select(image => JsonValue.Create(
                PictureText.Of(job.Request, image.Seed, model, job.Result.ModelHash, image.Index))))]),
            ["styles"] = new JsonArray([.. call.Styles.Select(style => JsonValue.Create(style))]),
            ["job_timestamp"] = ProgressState.StampOf(jobs.Count > 0 ? jobs[0].CreatedAt : null),
            ["clip_skip"] = request.ClipSkip + 1,
            ["is_using_inpainting_conditioning"] = model.SeesMask,
            ["version"] = "Darkroom",
            ["warnings"] = new JsonArray([.. call.Notes.Concat(jobs.SelectMany(JobWarnings.Of)).Distinct().Select(text => JsonValue.Create(text))]),
        };
        return info.ToJsonString(Options);
    }

    private static string? Short(string? hash) => hash is { Length: >= A1111Models.HashDigits } ? hash[..A1111Models.HashDigits] : null;

    private static JsonNode? Echoed(SentCall call, string field) => call.Echo[field]?.DeepClone();

    private static JsonArray All<T>(int pictures, Func<int, T> of) => [.. Enumerable.Range(0, pictures).Select(i => JsonValue.Create(of(i)))];
}
