"""What trainees and markers see: each view reads, asks who may, calls one service, answers."""
