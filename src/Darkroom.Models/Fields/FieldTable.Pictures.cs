namespace Darkroom.Models.Fields;

/// <summary>What img2img, inpaint and outpaint add.</summary>
public static partial class FieldTable
{
    private const FieldTasks Sized = FieldTasks.Img2img | FieldTasks.Inpaint;

    private const string OwnSide =
        "the picture's, scaled down to the model's max_size where it is larger and down to a multiple of size_step; "
        + "with the other side given, by the picture's aspect";

    public static readonly FieldInfo Image = new("image", new PictureType(takesValues: true), FieldTasks.Edits,
        "The picture to work on. Transparent parts of it count as white.")
        { IsRequired = true, IsPrivate = true, A1111 = "init_images", OpenAi = "image", Option = "--image" };

    public static readonly FieldInfo EditWidth = new("width", new SizeType(), Sized, "Pixels.")
        { DefaultText = OwnSide, A1111 = "width", OpenAi = "size", Option = "--size" };

    public static readonly FieldInfo EditHeight = new("height", new SizeType(), Sized, "Pixels.")
        { DefaultText = OwnSide, A1111 = "height", OpenAi = "size", Option = "--size" };

    public static readonly FieldInfo Strength = new("strength", new NumberType(0, 1), Sized,
        "The share of the schedule that is run, as in diffusers: 0 leaves the picture, 1 starts from noise.")
        { Default = 0.75, ModelSets = true, A1111 = "denoising_strength", Option = "--strength" };

    public static readonly FieldInfo AllSteps = new("all_steps", new FlagType(), Sized,
        "With compatibility a1111 or comfyui: run as many steps as asked, the last ones of a schedule that is the longer, the weaker the strength.")
        { Default = false, DefaultText = "false; true with compatibility comfyui", A1111 = "override_settings.img2img_fix_steps", Option = "--all-steps" };

    public static readonly FieldInfo NoiseMultiplier = new("noise_multiplier", new NumberType(0, 2), Sized,
        "Factor on the noise that is put on the picture: less keeps more of it, as AUTOMATIC1111's initial_noise_multiplier.")
        { Default = 1.0, A1111 = "initial_noise_multiplier", Option = "--noise-multiplier" };

    /// <summary>A new area starts from nothing that is worth keeping, so outpaint has a default of its own.</summary>
    public static readonly FieldInfo OutpaintStrength = new("strength", new NumberType(0, 1), FieldTasks.Outpaint,
        "The share of the schedule that is run in the new area, as in diffusers.") { Default = 1.0, A1111 = "denoising_strength", Option = "--strength" };

    public static readonly FieldInfo ResizeMode = new("resize_mode", new ChoiceType(["stretch", "crop", "pad"]), Sized,
        "How the picture is brought to width and height.")
        { Default = "crop", ModelSets = true, A1111 = "resize_mode", Option = "--resize-mode" };

    public static readonly FieldInfo Mask = new("mask", new PictureType(), FieldTasks.Inpaint,
        "What is repainted, as mask_mode says; of the picture's size. In white and black, transparent parts of the mask repaint nothing.")
        { IsRequired = true, IsPrivate = true, A1111 = "mask", OpenAi = "mask", Option = "--mask" };

    public static readonly FieldInfo MaskMode = new("mask_mode", new ChoiceType(["white", "black", "alpha"]), FieldTasks.Inpaint,
        "What of the mask is repainted: white, black, or what is transparent.")
        { Default = "white", ModelSets = true, A1111 = "inpainting_mask_invert", Option = "--mask-mode" };

    public const double DefaultMaskBlur = 4;

    public static readonly FieldInfo MaskBlur = new("mask_blur", new NumberType(0, 64), FieldTasks.Inpaint, "Radius in pixels of the blur of the mask's edge.")
        { Default = DefaultMaskBlur, ModelSets = true, A1111 = "mask_blur", Option = "--mask-blur" };

    public static readonly FieldInfo MaskGrow = new("mask_grow", new WholeType(0, 256), FieldTasks.Inpaint,
        "Pixels by which the mask grows before it is blurred.")
        { Default = 0L, ModelSets = true, Option = "--mask-grow" };

    public static readonly FieldInfo Fill = new("fill", new ChoiceType(["original", "noise", "zero", "blur"]), FieldTasks.Inpaint,
        "What stands under the mask at the start: the picture, noise, nothing, or the colours around it. "
        + "noise and zero want a strength of a half and more; at 1 every fill begins from noise.")
        { Default = "original", ModelSets = true, A1111 = "inpainting_fill", Option = "--fill" };

    public static readonly FieldInfo Area = new("area", new ChoiceType(["whole", "masked"]), FieldTasks.Inpaint,
        "masked: only the masked region is worked on, at full size, and pasted back.")
        { Default = "whole", ModelSets = true, A1111 = "inpaint_full_res", Option = "--area" };

    public const int DefaultPadding = 32;

    public static readonly FieldInfo Padding = new("padding", new WholeType(0, 2000), FieldTasks.Inpaint,
        "Pixels around the masked region that are worked on with it, where area is masked.")
        { Default = (long)DefaultPadding, ModelSets = true, A1111 = "inpaint_full_res_padding", Option = "--padding" };

    public static readonly FieldInfo Left = new("left", new WholeType(0, 2000), FieldTasks.Outpaint, "Pixels to add on the left.")
        { Default = 0L, Option = "--left" };

    public static readonly FieldInfo Right = new("right", new WholeType(0, 2000), FieldTasks.Outpaint, "Pixels to add on the right.")
        { Default = 0L, Option = "--right" };

    public static readonly FieldInfo Up = new("up", new WholeType(0, 2000), FieldTasks.Outpaint, "Pixels to add above.") { Default = 0L, Option = "--up" };

    public static readonly FieldInfo Down = new("down", new WholeType(0, 2000), FieldTasks.Outpaint, "Pixels to add below.")
        { Default = 0L, Option = "--down" };

    public static readonly FieldInfo Feather = new("feather", new WholeType(0, 2000), FieldTasks.Outpaint,
        "Pixels by which the new area reaches softly into the picture.")
        { ModelSets = true, DefaultText = "32, or an eighth of its native size where that is less", Option = "--feather" };
}
