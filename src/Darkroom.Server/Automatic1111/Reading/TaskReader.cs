using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Automatic1111.Styles;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>
/// From a body of txt2img or img2img to orders of the core. What AUTOMATIC1111 leaves to its defaults is left to the model's own where it has some: clients
/// that want 50 steps say so.
/// </summary>
internal sealed class TaskReader(
    IModelDirectory models, IUpscalerDirectory upscalers, ISeedSource seeds, DecodeMemory memory, StyleBook book, IControlNetDirectory? nets = null)
{
    private const int DefaultSteps = 50;
    private const double DefaultGuidance = 7;

    private static readonly string[] NotSupported = ["refiner_checkpoint", "firstpass_image"];

    /// <summary>The call, or why it is none. Faults of values are in its orders.</summary>
    /// <param name="body">As sent.</param>
    /// <param name="fromPicture">Whether it is img2img.</param>
    /// <param name="options">In force for the caller.</param>
    /// <param name="parts">What options may name.</param>
    public async ValueTask<(SentCall? Call, Problem? Problem)> ReadAsync(
        LiftedBody body, bool fromPicture, A1111Options options, OptionParts parts, CancellationToken cancellation)
    {
        var (faults, notes) = (new FaultList(), new List<string>());
        using var filled = FilledBody.Of(body, fromPicture, parts, faults, notes);
        body = filled ?? body;
        var values = new SentValues(body.Json, faults);
        var change = OptionTable.Apply(options, values.Find("override_settings") ?? default, parts, faults, "override_settings.");
        notes.AddRange(change.Ignored.Select(one => $"override_settings.{one.Key}: {one.Value}"));
        var fields = fromPicture ? TaskFields.Img2Img : TaskFields.Txt2Img;
        notes.AddRange(TaskFields.Unknown(body.Json, fields).Select(name => $"{name}: there is no such field here, and it was left out."));
        var model = change.Options.Model is { } id ? models.Find(id) : models.Default;
        var (plan, native) = (CallPlan.Of(values), new JsonObject());
        var styles = StyleValues.Of(values, book, notes);
        SetTexts(native, values, styles, notes);
        if (SamplerValues.Set(native, values, change.Options, model, notes) is { } unknown) return (null, unknown);
        SetOptions(native, change.Options, model);
        SetSize(native, values, model);

        List<SentFile> pictures = [];
        SentFile? mask = null;
        if (fromPicture)
        {
            pictures = PicturesOf(body, values, ref plan);
            MaskValues.SetPicture(native, values, model is { ShowsPicture: true });
            if (values.Find("mask") is { } sent && SentPictures.Read(body, values, "mask", sent, "mask") is { } read)
                mask = await MaskValues.SetAsync(native, values, read, memory, cancellation);
            if (values.Flag("include_init_images") == true) notes.Add("include_init_images: the answer does not repeat the pictures that were sent.");
        }
        else if (HiresValues.Of(values, styles, upscalers) is { } hires)
        {
            native["hires"] = hires;
        }
        var call = CallSeeds.Of(values, plan, seeds);
        SetSeeds(native, values, call);
        ScriptValues.Set(native, values, body, pictures.FirstOrDefault(), nets, notes);
        native["count"] = pictures.Count > 1 ? 1 : Math.Min(plan.Pictures, CallPlan.MaxOfJob);

        var sheet = !fromPicture ? TaskSheet.Txt2Img : mask is null ? TaskSheet.Img2Img : TaskSheet.Inpaint;
        bool keeps = values.Flag("override_settings_restore_afterwards") == false;
        var (sends, task) = (values.Flag("send_images") ?? true, values.Text("force_task_id"));
        if (values.Find("force_task_id") is { ValueKind: JsonValueKind.String } name && body.IsLifted(name))
            values.Refuse("force_task_id", "is no name: it is too long");
        return (new()
        {
            Orders = [.. OrdersOf(sheet, native, pictures, mask, faults)],
            Plan = plan,
            Seeds = call,
            Id = task is { Length: > 0 } own ? own : NewId(fromPicture ? "img2img" : "txt2img"),
            Kept = keeps ? change.Options : null,
            SendsImages = sends,
            Notes = notes,
            Styles = styles.Names,
            Echo = CallEcho.Of(body, fields),
        }, null);
    }

    private static void SetTexts(JsonObject native, SentValues values, StyleValues styles, List<string> notes)
    {
        native["prompt"] = styles.Prompt(values.Text("prompt") ?? "", values);
        native["negative_prompt"] = styles.Negative(values.Text("negative_prompt") ?? "", values);
        if (values.Flag("restore_faces") == true) notes.Add("restore_faces: this server restores no faces; the pictures are as the model made them.");
        if (values.Flag("tiling") == true) native["tiling"] = true;
        foreach (string name in NotSupported)
            if (values.Find(name) is { } given && !(given.ValueKind == JsonValueKind.String && JsonText.Of(given) is "" or "None"))
                values.Refuse(name, "is not supported", given, "absent");
        if (values.Flag("disable_extra_networks") == true && ((string)native["prompt"]!).Contains('<', StringComparison.Ordinal))
            values.Refuse("disable_extra_networks", "takes tags in angle brackets for words, which this server does not", values.Find("disable_extra_networks"),
                "false");
    }

    private static void SetOptions(JsonObject native, A1111Options options, ModelDescription? model)
    {
        // Families that came after it, and those that it never knew, are run as they are made to be.
        if (model is null || CompatibilityRules.WhyNot(model) is null) native["compatibility"] = "a1111";
        native["format"] = PictureFormats.NameOf(options.Format);
        native["quality"] = options.Quality;
        native["metadata"] = options.Metadata;
        native["preview_every"] = options.Previews ? Math.Max(0, options.PreviewEvery) : 0;
        native["upscale"] = null; // sizes are as asked for, whatever a model's own default is
        if (options.Model is { } id) native["model"] = id;
        if (options.Vae is { } vae) native["vae"] = vae;
        if (options.ClipStop is { } stop) native["clip_skip"] = stop - 1;
        if (options.Noise is { } noise) native["noise_source"] = noise == A1111Noise.Cpu ? "torch_cpu" : "torch_cuda";
        if (options.SeedDelta is { } delta) native["noise_seed_offset"] = delta;
    }

    private static void SetSize(JsonObject native, SentValues values, ModelDescription? model)
    {
        foreach (string side in (string[])["width", "height"])
            if (values.Whole(side, 1) is { } pixels) native[side] = pixels;
        if ((values.Whole("steps") ?? (Has(model, FieldTable.Steps) ? null : DefaultSteps)) is { } steps) native["steps"] = steps;
        if ((values.Number("cfg_scale") ?? (Has(model, FieldTable.GuidanceScale) ? null : DefaultGuidance)) is { } scale) native["guidance_scale"] = scale;
    }

    private static void SetSeeds(JsonObject native, SentValues values, CallSeeds call)
    {
        native["seed"] = call.Seed;
        if (call.IsVaried) (native["variation_seed"], native["variation_strength"]) = (call.Subseed, call.Strength);
        if (values.Whole("seed_resize_from_w") is > 0 and var width && values.Whole("seed_resize_from_h") is > 0 and var height)
            native["seed_resize"] = new JsonArray(width, height);
    }

    /// <summary>Several pictures are a batch of as many.</summary>
    private static List<SentFile> PicturesOf(LiftedBody body, SentValues values, ref CallPlan plan)
    {
        var sent = values.List("init_images");
        if (sent.Count == 0) values.Refuse("init_images", "is required: the picture that the work begins with, in base64", null, "1…8 pictures");
        if (sent.Count > CallPlan.MaxBatchSize || (sent.Count > 1 && sent.Count > plan.BatchSize))
        {
            values.Refuse("init_images", $"has {sent.Count} pictures, and a batch {plan.BatchSize}", null, "as many as batch_size");
            return [];
        }
        if (sent.Count > 1) plan = plan with { BatchSize = sent.Count };
        return [.. sent.Select(one => SentPictures.Read(body, values, "init_images", one, "image")).OfType<SentFile>()];
    }

    private static IEnumerable<GenerationOrder> OrdersOf(
        TaskSheet sheet, JsonObject native, List<SentFile> pictures, SentFile? mask, FaultList faults)
    {
        byte[] json = Encoding.UTF8.GetBytes(native.ToJsonString());
        for (int i = 0; i < Math.Max(1, pictures.Count); i++)
        {
            // A mask is decoded in its place: each order has its own.
            var own = mask is null || i == pictures.Count - 1 ? mask : SentPictures.Copy(mask);
            List<SentFile> files = [.. pictures.Skip(i).Take(1), .. own is null ? (SentFile[])[] : [own]];
            // Not disposed of: its values are looked at until the order is validated, and its memory is not pooled.
            var order = GenerationOrder.Read(sheet, new RequestBody(JsonDocument.Parse(json), files));
            var all = new FaultList();
            // A picture that is missing was told already, under its own name.
            foreach (var fault in faults.Concat(order.Faults.Where(fault => fault.Field != "image" || pictures.Count > 0))) all.Add(fault);
            yield return order with { Faults = all };
        }
    }

    private static bool Has(ModelDescription? model, FieldInfo row) => model?.Defaults.Find(row) is not null;

    private static string NewId(string task) => $"task({task}-{RandomNumberGenerator.GetHexString(15, lowercase: true)})";
}
