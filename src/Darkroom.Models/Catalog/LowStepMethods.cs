using System.Globalization;
using System.Text.RegularExpressions;
using Darkroom.Models.Fields;

namespace Darkroom.Models.Catalog;

/// <summary>
/// Methods that let a model make a picture in few steps, and how each is run, as its authors publish it. A text names one: a title in a file's metadata, or a
/// file's name. A word alone is not enough where it has other meanings (<c>turbo</c>, <c>lightning</c>): then the number of steps has to stand with it.
/// </summary>
internal static partial class LowStepMethods
{
    private const int MaxSteps = 16;

    /// <summary>Trailing timesteps, which these methods were trained at, as the catalog of schedules calls them.</summary>
    private const string Trailing = "sgm_uniform";

    /// <summary>No guidance: all of these have it in their weights.</summary>
    private const double Unguided = 1;

    /// <summary>Metadata that says what a file is: of the ModelSpec standard, and of kohya's scripts.</summary>
    private static readonly string[] Titles = ["modelspec.title", "ss_output_name", "modelspec.usage_hint"];

    /// <summary>What the metadata of a file of weights says; null: nothing.</summary>
    public static ModelDefaults? OfMetadata(IReadOnlyDictionary<string, string> metadata) =>
        Titles.Select(key => metadata.GetValueOrDefault(key)).OfType<string>().Select(OfText).FirstOrDefault(found => found is not null);

    /// <summary>What a title or a name says; null: nothing.</summary>
    public static ModelDefaults? OfText(string text)
    {
        string words = Separators().Replace(text.ToLowerInvariant(), " ");
        int? steps = Steps().Match(words) is { Success: true, Groups: [_, var count] }
            && int.Parse(count.ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= MaxSteps and var n ? n : null;
        // SDXL-Lightning (Lin et al. 2024): EulerDiscrete with trailing timesteps, no guidance, exactly the steps of the file.
        if (steps is { } lightning && words.Contains("lightning", StringComparison.Ordinal)) return Of(lightning, Unguided, "euler", Trailing);
        if (steps is { } hyper && Hyper().IsMatch(words)) return OfHyper(hyper, words);
        // DMD2 (Yin et al. 2024): LCM's sampler.
        if (steps is { } matching && words.Contains("dmd2", StringComparison.Ordinal)) return Of(matching, Unguided, "lcm");
        // LCM-LoRA (Luo et al. 2023): 2 to 8 steps, a scale of 1 to 2.
        if (Lcm().IsMatch(words)) return Of(steps ?? 4, Unguided, "lcm");
        // TCD (Zheng et al. 2024): 4 steps, a stochastic share of 0.3.
        if (Tcd().IsMatch(words)) return Of(steps ?? 4, Unguided, "tcd", eta: 0.3);
        // SD-Turbo and SDXL-Turbo (Sauer et al. 2023): 1 to 4 steps, better with more of them.
        return Turbo().IsMatch(words) || (steps is not null && words.Contains("turbo", StringComparison.Ordinal))
            ? Of(steps ?? 4, Unguided, "euler_ancestral", Trailing) : null;
    }

    /// <summary>
    /// Hyper-SD (Ren et al. 2024): DDIM with trailing timesteps; one step by TCD. Files with <c>CFG</c> in their names are guided at 5 to 8; those for Stable
    /// Diffusion 3 at 3, 5 and 7 for 4, 8 and 16 steps; those for FLUX keep its own sampler and scale.
    /// </summary>
    private static ModelDefaults OfHyper(int steps, string words)
    {
        if (words.Contains("flux", StringComparison.Ordinal)) return Of(steps, 3.5, null);
        if (words.Contains("sd3", StringComparison.Ordinal)) return Of(steps, steps <= 4 ? 3 : steps <= 8 ? 5 : 7, null);
        if (steps == 1) return Of(1, Unguided, "tcd", eta: 1);
        return Of(steps, words.Contains("cfg", StringComparison.Ordinal) ? 6 : Unguided, "ddim", Trailing);
    }

    /// <summary>A sampler comes with a schedule: that of a model's own defaults is for another one.</summary>
    private static ModelDefaults Of(
        int steps, double guidance, string? sampler, string schedule = Diffusion.Schedules.ScheduleCatalog.Default, double? eta = null)
    {
        var values = new Dictionary<FieldInfo, object> { [FieldTable.Steps] = (long)steps, [FieldTable.GuidanceScale] = guidance };
        if (sampler is not null) (values[FieldTable.Sampler], values[FieldTable.Schedule]) = (sampler, schedule);
        if (eta is { } share) values[FieldTable.Eta] = share;
        return new(values);
    }

    [GeneratedRegex("[-_. ]+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"(?<!\d)(\d{1,2}) ?steps?\b")]
    private static partial Regex Steps();

    [GeneratedRegex(@"\bhyper ?(?:sd|flux)")]
    private static partial Regex Hyper();

    [GeneratedRegex(@"\blcm ?lora|\blora ?lcm\b|\blcm \d{1,2} ?steps?\b")]
    private static partial Regex Lcm();

    [GeneratedRegex(@"\btcd ?(?:lora|sd)|\btcd \d{1,2} ?steps?\b")]
    private static partial Regex Tcd();

    [GeneratedRegex(@"\bsd ?(?:xl ?)?turbo\b")]
    private static partial Regex Turbo();
}
