using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Edit = Darkroom.Server.Generation.Validation.EditFields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// Pictures that are not colours of 8 bits: which format holds the channels of a model and the depth that is asked for, and what cannot be done with them.
/// </summary>
internal static class ValueRules
{
    private const string OnlyColours = "lays colours of 8 bits over the picture that was sent";

    /// <summary>The format, where masks are laid over colours: a model's default that is for values gives way, and is said to.</summary>
    public static PictureFormat Format(FieldValues values, ModelDescription model, GenerationTask task, PictureFormat format, List<string> warnings)
    {
        if (format != PictureFormat.Npy || !model.HasColours || !LaysColours(task) || values.IsGiven(Fields.Format)) return format;
        warnings.Add($"the model's default format npy was left out: {WireNames.Of(task)} {OnlyColours}");
        return PictureFormat.Png;
    }

    /// <summary>Bits of a value. A model's default that the format does not hold, or the task has no use for, gives way, and is said to.</summary>
    public static int BitDepth(
        FieldValues values, ModelDescription model, GenerationTask task, PictureFormat format, FaultList faults, List<string> warnings)
    {
        var wanted = (int)values.Resolve(Fields.BitDepth, model);
        var most = format switch { PictureFormat.Npy => 32, PictureFormat.Png => 16, _ => 8 };
        var name = PictureFormats.NameOf(format);
        if (wanted > 8 && LaysColours(task) && model.HasColours && !values.IsGiven(Fields.BitDepth))
        {
            warnings.Add($"the model's default bit_depth {wanted} was left out: {WireNames.Of(task)} {OnlyColours}");
            return 8;
        }
        if (wanted <= most) return wanted;
        if (values.IsGiven(Fields.BitDepth))
            faults.Add(Fields.BitDepth, $"A {name} holds {most} bits of a value at most, and {wanted} are asked for.", values.JsonOf(Fields.BitDepth),
                wanted == 16 ? "8, or format png or npy" : "at most " + most + ", or format npy");
        else warnings.Add($"the model's default bit_depth {wanted} was left out: a {name} holds {most}");
        return most;
    }

    /// <summary>Adds a fault where the format does not hold the model's channels.</summary>
    public static void CheckFormat(FieldValues values, ModelDescription model, PictureFormat format, FaultList faults)
    {
        if (format == PictureFormat.Npy || model.PictureChannels is 1 or 3) return;
        faults.Add(Fields.Format,
            $"Model '{model.Id}' makes pictures of {model.PictureChannels} channels, and a {PictureFormats.NameOf(format)} holds 1 or 3.",
            values.JsonOf(Fields.Format), "npy");
    }

    /// <summary>Adds a fault for whatever would make colours of 8 bits of a picture that is to be of other values.</summary>
    /// <param name="upscale">The upscaling of the finished picture; null: none.</param>
    /// <param name="hires">The second pass; null: none.</param>
    /// <returns>The upscaling that is left: a model's default gives way.</returns>
    public static UpscaleOrder? Check(FieldValues values, ModelDescription model, (PictureFormat Format, int BitDepth) output, PicturePlan? plan,
        UpscaleOrder? upscale, HiresOrder? hires, FaultList faults, List<string> warnings)
    {
        CheckPictures(values, plan, faults);
        if (Reason(values, model, output) is not var (field, reason)) return upscale;
        var json = values.JsonOf(field);
        // A model without colours does neither task, which is told already.
        if (model.HasColours && plan?.Change is { } edit && (edit.Mask is not null || edit.Extension is not null))
            faults.Add(
                field, $"{(edit.Mask is null ? "outpaint" : "inpaint")} {OnlyColours}: {reason}.", json, "a picture of colours, format png and bit_depth 8");
        if (hires is { IsLatent: false })
            faults.Add(new Fault("hires.upscaler", $"Upscaler '{hires.Upscaler}' enlarges colours of 8 bits: {reason}.", hires.Upscaler, "a latent one"));
        if (values.TryGet(Fields.Upscale, out var asked) && asked is not (null or { Declines: true }))
            faults.Add(Fields.Upscale, $"Upscalers enlarge colours of 8 bits: {reason}.", values.JsonOf(Fields.Upscale), "null");
        else if (upscale is not null) warnings.Add($"the model's default upscale was left out: {reason}");
        return null;
    }

    /// <summary>What makes the picture none of colours of 8 bits, and the field to blame; null: it is one.</summary>
    private static (Field Field, string Reason)? Reason(FieldValues values, ModelDescription model, (PictureFormat Format, int BitDepth) output) =>
        !model.HasColours ? (Fields.Model, $"the pictures of model '{model.Id}' have {model.PictureChannels} channel{(model.PictureChannels == 1 ? "" : "s")}")
        : output.Format == PictureFormat.Npy ? (Fields.Format, "format is npy")
        : output.BitDepth != 8 ? (Fields.BitDepth, $"bit_depth is {output.BitDepth}")
        : values.TryGet(Edit.Image, out var sent) && sent!.Header.Format == PictureFormat.Npy ? (Edit.Image, "image is an npy file")
        : null;

    private static bool LaysColours(GenerationTask task) => task is GenerationTask.Inpaint or GenerationTask.Outpaint;

    private static void CheckPictures(FieldValues values, PicturePlan? plan, FaultList faults)
    {
        if (values.TryGet(Edit.Mask, out var mask) && mask!.Header.Format == PictureFormat.Npy)
            faults.Add(Edit.Mask, "A mask is a picture, and this is an npy file.", null, "a PNG, JPEG or WebP file");
        if (values.TryGet(Fields.Controls, out var controls) && controls!.Any(control => control.Picture.Header.Format == PictureFormat.Npy))
            faults.Add(Fields.Controls, "ControlNets are shown pictures, and this is an npy file.", null, "PNG, JPEG or WebP files");
    }

    /// <summary>Adds a fault where the picture of img2img has other channels than the model's, or would have to be resized: values are not.</summary>
    public static void CheckSent(PicturePlan plan, ModelDescription model, bool keepsValues, FaultList faults)
    {
        if (plan.Change is null || plan.Pictures is not [{ Field: var field, File: var file }, ..]) return;
        if (file.Header.ArrayChannels is { } channels && channels != model.PictureChannels)
            faults.Add(field, $"The npy file has {channels} channel{(channels == 1 ? "" : "s")}, and the pictures of model '{model.Id}' have "
                + $"{model.PictureChannels}; channels are not converted.", null, $"[H, W, {model.PictureChannels}] or [{model.PictureChannels}, H, W]");
        if (keepsValues && (file.Header.ArrayChannels is not null || file.Header.Bits > 8) && (file.Width, file.Height) != (plan.Width, plan.Height))
            faults.Add(field, $"The picture of {file.Size} would have to be resized to {plan.Width} x {plan.Height}, and values of more than 8 bits or of an "
                + "npy file are not.", null, $"{plan.Width} x {plan.Height}, or a width and height that model '{model.Id}' takes");
    }
}
