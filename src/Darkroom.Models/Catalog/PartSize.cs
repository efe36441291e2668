namespace Darkroom.Models.Catalog;

/// <summary>A part of a model on disk.</summary>
/// <param name="Name">Its folder: <c>unet</c>, <c>text_encoder</c>.</param>
/// <param name="Bytes">Its graph and weights.</param>
public sealed record PartSize(string Name, long Bytes);
