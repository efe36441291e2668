namespace Darkroom.Server.Commands.Config;

/// <summary>A setting as the server would have it.</summary>
/// <param name="Name">With its section.</param>
/// <param name="Value">Never a secret's; null: none.</param>
/// <param name="Origin">Where that comes from.</param>
/// <param name="IsSecret">Whether the value only says that there is one.</param>
internal sealed record SettingInForce(string Name, string? Value, SettingOrigin Origin, bool IsSecret);
