namespace Darkroom.Engine.Execution;

/// <summary>Which device a row runs on: the one that is done soonest with what it has.</summary>
internal static class Placement
{
    public static int Choose(DeviceGroup devices, ActiveJobs active, ActiveJob joining)
    {
        if (devices.All.Count == 1) return 0;
        int best = 0;
        double min = double.PositiveInfinity;
        foreach (var device in devices.All)
        {
            if (device.IsLost) continue;
            double seconds = 0;
            foreach (var row in active.Rows)
                if (row.Device == device.Index) seconds += row.SecondsLeft(device.Costs);
            foreach (var row in joining.Rows) // rows of this job that were placed a moment ago
                if (row.Device == device.Index) seconds += joining.Work.SecondsOf(device.Costs);
            if (seconds >= min) continue;
            (best, min) = (device.Index, seconds);
        }
        return best;
    }
}
