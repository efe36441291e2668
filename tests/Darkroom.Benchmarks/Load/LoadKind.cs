namespace Darkroom.Benchmarks.Load;

/// <summary>One kind of request in the mix.</summary>
/// <param name="Task">The endpoint under <c>/v1/</c>.</param>
/// <param name="Name">What the tables call it.</param>
/// <param name="Share">How many of a deck of 50 requests.</param>
/// <param name="IsLong">Whether it wants more than 30 calls' worth of a guided 64 × 64 picture.</param>
/// <param name="Fields">JSON fields but for prompt, seed, return and pictures.</param>
/// <param name="HasMask">A mask goes with the picture.</param>
internal sealed record LoadKind(string Task, string Name, int Share, bool IsLong, string Fields, bool HasMask = false)
{
    /// <summary>
    /// What a small shop may ask of the starter. Most of it is quick and of one size; a tenth is long; a tenth shares no batch with the rest (other
    /// sizes), and one in twenty-five takes the device for a picture of its own (an upscale).
    /// </summary>
    public static IReadOnlyList<LoadKind> All { get; } =
    [
        new("txt2img", "txt2img 64, 20 steps", 15, false, """ "steps":20,"guidance_scale":2.5 """),
        new("txt2img", "txt2img 64, 8 steps, dpmpp_2m", 8, false, """ "steps":8,"guidance_scale":2.5,"sampler":"dpmpp_2m" """),
        new("txt2img", "txt2img 64, 20 steps, no guidance, euler_ancestral", 5, false, """ "steps":20,"guidance_scale":1,"sampler":"euler_ancestral" """),
        new("txt2img", "txt2img 64x96, 12 steps, ddim", 3, false, """ "width":64,"height":96,"steps":12,"guidance_scale":3.5,"sampler":"ddim" """),
        new("txt2img", "txt2img 96, 30 steps, unipc", 2, true, """ "width":96,"height":96,"steps":30,"guidance_scale":2.5,"sampler":"unipc" """),
        new("txt2img", "txt2img 64, 40 steps, heun", 3, true, """ "steps":40,"guidance_scale":4,"sampler":"heun" """),
        new("img2img", "img2img 64, 20 steps, strength 0.6", 6, false, """ "steps":20,"strength":0.6,"guidance_scale":2.5 """),
        new("inpaint", "inpaint 64, 20 steps, strength 0.8", 4, false, """ "steps":20,"strength":0.8,"guidance_scale":2.5 """, HasMask: true),
        new("outpaint", "outpaint 64 + 16 + 16, 15 steps", 2, false, """ "steps":15,"left":16,"right":16,"feather":8,"guidance_scale":2.5 """),
        new("upscale", "upscale 32 x 4", 2, false, """ "scale":4 """),
    ];
}
