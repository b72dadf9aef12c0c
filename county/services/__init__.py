from county.services.returns import check_return, prepare_return, send_back_return, sign_return

__all__ = ["check_return", "prepare_return", "send_back_return", "sign_return"]
