namespace Darkroom.Models.Fields;

/// <summary>What prompts and seeds of other programs need: where noise comes from, and what samplers of k-diffusion do with it.</summary>
public static partial class FieldTable
{
    /// <summary>The smallest side of a picture whose noise is kept: no latents have less.</summary>
    private const int MinSeedSide = 8;

    private const string Takers = " euler, heun and dpm_2 take it with compatibility a1111 or comfyui, euler and edm_euler else.";

    public static readonly FieldInfo VariationSeed = new("variation_seed", new WholeType(0, MaxSeed) { Special = DrawnSeed }, FieldTasks.Generations,
        "The starting noise is turned towards that of this seed; picture i has variation_seed + i, and all have the one seed. -1: drawn by the server.")
        { DefaultText = "drawn by the server and returned, where variation_strength is above 0", A1111 = "subseed" };

    public static readonly FieldInfo VariationStrength = new("variation_strength", new NumberType(0, 1), FieldTasks.Generations,
        "How far it is turned: 0 not at all, 1 all the way.") { Default = 0.0, A1111 = "subseed_strength" };

    public static readonly FieldInfo SeedResize = new("seed_resize", new PixelPairType(MinSeedSide), FieldTasks.Generations,
        "[width, height]: the starting noise as a picture of that size would have it, in the middle of this one's. At most the model's max_size a side.")
        { DefaultText = "none", A1111 = "seed_resize_from_w" };

    public static readonly FieldInfo NoiseSeedOffset = new("noise_seed_offset", new WholeType(0, uint.MaxValue), FieldTasks.Generations,
        "The noise that a sampler draws after the first comes from seed + offset; 0: from where the first left off. AUTOMATIC1111's ENSD.")
        { Default = 0L, A1111 = "override_settings.eta_noise_seed_delta" };

    public static readonly FieldInfo SChurn = new("s_churn", new NumberType(0, 100), FieldTasks.Generations,
        "Karras' churn: noise that is added before steps, over the whole run." + Takers) { DefaultText = "0", A1111 = "s_churn" };

    public static readonly FieldInfo STmin = new("s_tmin", new NumberType(0, 10_000), FieldTasks.Generations,
        "The lowest noise level at which churn is added.") { DefaultText = "0", A1111 = "s_tmin" };

    public static readonly FieldInfo STmax = new("s_tmax", new NumberType(0, 10_000) { AboveMin = true }, FieldTasks.Generations,
        "The highest noise level at which churn is added.") { DefaultText = "no bound", A1111 = "s_tmax" };

    public static readonly FieldInfo SNoise = new("s_noise", new NumberType(0, 2), FieldTasks.Generations,
        "Factor on the noise that a sampler draws: k-diffusion's rules take it.") { DefaultText = "1", A1111 = "s_noise" };
}
