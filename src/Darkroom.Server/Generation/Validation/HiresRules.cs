using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Diffusion.Prompts;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The second pass of a request, as far as its model and what it names can do it.</summary>
/// <param name="values">What was given.</param>
/// <param name="model">The model.</param>
/// <param name="upscalers">Those that may enlarge the picture between the passes.</param>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="warnings">Takes what was changed on the way.</param>
internal sealed class HiresRules(FieldValues values, ModelDescription model, IUpscalerDirectory upscalers, FaultList faults, List<string> warnings)
{
    /// <summary>Levels of a training schedule: a second pass cannot be a part of more steps.</summary>
    private const int MaxScheduleSteps = 1000;

    /// <param name="plan">The first pass; null where it has faults.</param>
    /// <param name="sampler">Of the first pass.</param>
    /// <param name="steps">Of the first pass.</param>
    /// <param name="vae">The autoencoder in the place of the model's own; null: its own.</param>
    /// <returns>Null: there is none, or it has faults.</returns>
    public HiresOrder? Of(PicturePlan? plan, string? sampler, int steps, AutoencoderDescription? vae)
    {
        if (!values.TryGet(Fields.Hires, out var asked) || asked is null || !model.Capabilities.ExtraFields.Contains(Fields.Hires.Name)) return null;
        CheckTags(asked.Prompt);
        string upscaler = UpscalerOf(asked, vae);
        string? named = asked.Sampler is null ? null : asked.Sampler == FieldTable.OwnSampler ? SamplerNames.Of(model) ?? FieldTable.OwnSampler : asked.Sampler;
        string? second = HiresOrder.SamplerOf(named, sampler);
        if (named is not null) CheckSampler(second);
        if (plan is null || SizeOf(asked, plan) is not var (width, height)) return null;
        if (vae?.FixedSize is not null)
            Add("", $"Autoencoder '{vae.Id}' takes one size alone, and a second pass has another.", null, "an autoencoder for any size");
        var counting = values.Resolve(Fields.Compatibility, model);
        var order = new HiresOrder
        {
            Width = width,
            Height = height,
            Scale = asked is { Width: null, Height: null } ? asked.Scale ?? HiresType.DefaultScale : null,
            Upscaler = upscaler,
            Steps = StepsOf(asked, second, steps, counting),
            Strength = asked.Strength,
            Rule = RuleOf(second, asked.Strength),
            Counting = counting,
            Prompt = WithoutTags(asked.Prompt),
            NegativePrompt = asked.NegativePrompt,
            Sampler = named,
            Eta = SamplingRules.Eta(values, model, second, []),
        };
        if (order.Run.ScheduleSteps > MaxScheduleSteps)
            Add("steps", Text($"{order.Steps} steps at strength {asked.Strength} are a part of {order.Run.ScheduleSteps}; at most {MaxScheduleSteps} may be."),
                order.Steps, "fewer steps, or a larger strength");
        return order;
    }

    private (int Width, int Height)? SizeOf(HiresChoice asked, PicturePlan plan)
    {
        int before = faults.Count;
        int width, height;
        if (asked is { Width: null, Height: null })
        {
            double scale = asked.Scale ?? HiresType.DefaultScale;
            (width, height) = (Rounded(plan.Width * scale), Rounded(plan.Height * scale));
            if (Math.Max(width, height) > model.MaxSize)
                Add("scale", Text($"{plan.Width} x {plan.Height} at scale {scale} gives {width} x {height} pixels; model '{model.Id}' takes at most ")
                    + Text($"{model.MaxSize} a side."), scale, Text($"at most {(double)model.MaxSize / Math.Max(plan.Width, plan.Height):0.##}"));
            else if (width != plan.Width * scale || height != plan.Height * scale)
                warnings.Add(Text($"hires: {plan.Width} x {plan.Height} at scale {scale} is made at {width} x {height}, multiples of {model.SizeStep}"));
        }
        else
        {
            CheckSide("width", asked.Width);
            CheckSide("height", asked.Height);
            if (faults.Count > before) return null;
            width = (int?)asked.Width ?? Math.Min(model.MaxSize, Rounded((double)plan.Width * asked.Height!.Value / plan.Height));
            height = (int?)asked.Height ?? Math.Min(model.MaxSize, Rounded((double)plan.Height * asked.Width!.Value / plan.Width));
            double factor = Math.Max((double)width / plan.Width, (double)height / plan.Height);
            if (factor is < 1 or > UpscalePasses.MaxFactor)
                Add(asked.Width is null ? "height" : "width",
                    Text($"A second pass of {width} x {height} pixels has {factor:0.##} times the sides of {plan.Width} x {plan.Height}; ")
                    + "it must have 1 to 8 times.",
                    asked.Width ?? asked.Height, "1 to 8 times the first pass");
        }
        return faults.Count > before ? null : (width, height);
    }

    private void CheckSide(string name, long? side)
    {
        if (side is null || (side >= model.SizeStep && side <= model.MaxSize && side % model.SizeStep == 0)) return;
        string limit = $"{model.SizeStep}…{model.MaxSize}, multiple of {model.SizeStep}";
        Add(name, $"hires.{name} must be {limit} for model '{model.Id}'.", side, limit);
    }

    private string UpscalerOf(HiresChoice asked, AutoencoderDescription? vae)
    {
        string id = asked.Upscaler ?? LatentUpscale.Default;
        if (LatentUpscale.Find(id) is { } way) return way.Name;
        if (upscalers.Find(id) is not { } found)
        {
            string[] known = [.. LatentUpscale.All.Select(one => one.Name), .. upscalers.All.Select(one => one.Id)];
            Add("upscaler", $"There is no such upscaler.{Suggestion.Sentence(id, known)}", GivenValue.Shorten(id), "one of: " + string.Join(", ", known));
        }
        else if (found.Fault is { } fault) Add("upscaler", $"Upscaler '{id}' cannot be used: {fault}", GivenValue.Shorten(id), null);
        if (!model.Tasks.Contains(WireNames.Of(GenerationTask.Img2img)))
            Add("upscaler", $"Model '{model.Id}' has no encoder, which a picture that was enlarged goes through.", GivenValue.Shorten(id), "latent");
        else if (vae is { Encodes: false })
            Add("upscaler", $"Autoencoder '{vae.Id}' has no encoder, which a picture that was enlarged goes through.", GivenValue.Shorten(id), "latent");
        return id;
    }

    private void CheckSampler(string? second)
    {
        if (SamplingRules.Info(model, second) is not { } info) return;
        if (SamplerCatalog.IsFlowClass(model.SamplerClass) && !info.TakesFlow)
        {
            Add("sampler", $"Sampler '{info.Name}' has no rule for model '{model.Id}'.", info.Name, "one of the model's samplers");
            return;
        }
        string schedule = values.Resolve(Fields.Schedule, model) ?? ScheduleCatalog.Default;
        var schedules = info.SchedulesFor(model.SamplerClass);
        if (!schedules.Contains(schedule))
            Add("sampler", $"Schedule '{schedule}' has no meaning with sampler '{info.Name}'.", info.Name,
                $"a sampler with schedule {schedule}; with {info.Name}, one of: {string.Join(", ", schedules)}");
    }

    private int StepsOf(HiresChoice asked, string? second, int steps, Compatibility counting)
    {
        int wanted = asked.Steps == 0 ? steps : (int)asked.Steps;
        double share = RuleOf(second, asked.Strength) == StrengthRule.PicksTimesteps && counting == Compatibility.Diffusers ? asked.Strength : 1;
        if (SamplingRules.Info(model, second) is not { } info || info.MaxSteps(model.SamplerConfig, share) is not { } max || wanted <= max) return wanted;
        if (max == 0) Add("strength", Text($"Strength {share} leaves none of the steps that model '{model.Id}' was distilled from."), asked.Strength, "more");
        else if (asked.Steps > 0) Add("steps", Text($"Sampler '{info.Name}' has {max} steps at most here."), wanted, Text($"{info.MinSteps}…{max}"));
        else warnings.Add(Text($"hires: {max} steps are run, not {wanted}: sampler '{info.Name}' has no more"));
        return Math.Max(1, max);
    }

    private StrengthRule RuleOf(string? second, double strength) =>
        model.Strength == StrengthRule.PicksTimesteps && (strength == 0 || SamplingRules.Info(model, second) is not { IsDistilled: true })
            ? default : model.Strength;

    /// <summary>Both passes run with the LoRAs that the first pass's prompt and field name.</summary>
    private void CheckTags(string? text)
    {
        if (text is null || values.Resolve(Fields.PromptStyle, model) != PromptStyle.Weighted) return;
        ExtraNetwork.Take(text, out var tags);
        ExtraNetwork.Take(values.Resolve(Fields.Prompt, model) ?? "", out var known);
        if (tags.Any(tag => !known.Contains(tag)))
            Add("prompt", "hires.prompt has a tag that prompt does not have: both passes run with the same LoRAs.", null, "tags of prompt");
    }

    private string? WithoutTags(string? text) =>
        text is null || values.Resolve(Fields.PromptStyle, model) != PromptStyle.Weighted ? text : ExtraNetwork.Take(text, out _);

    private int Rounded(double side) => Math.Max(1, (int)Math.Round(side / model.SizeStep, MidpointRounding.AwayFromZero)) * model.SizeStep;

    private void Add(string part, string sentence, JsonNode? value, string? limit) =>
        faults.Add(new Fault(part.Length == 0 ? Fields.Hires.Name : $"{Fields.Hires.Name}.{part}", sentence, value, limit));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
