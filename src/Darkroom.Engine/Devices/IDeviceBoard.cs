namespace Darkroom.Engine.Devices;

/// <summary>Tells how devices are: this process's, or as far as their processes tell of them, those of others.</summary>
public interface IDeviceBoard
{
    ValueTask<IReadOnlyList<DeviceReport>> LookAsync(CancellationToken cancellation);
}
